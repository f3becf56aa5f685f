import re
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.references import ALPHABET, check_symbol, new_references, normalise

BODIES = st.text(ALPHABET, min_size=8, max_size=8) | st.text(ALPHABET, min_size=12, max_size=12)
PREFIXES = st.sampled_from("RCI")


class TestNewReferences:
    def test_read_in_groups_of_four_with_a_check_symbol(self):
        assert all(
            re.fullmatch(r"R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]", reference)
            for reference in new_references("R", 50)
        )
        assert all(re.fullmatch(r"I-(\w{4}-){3}\w", reference) for reference in new_references("I", 50, symbols=12))

    def test_are_valid_and_all_different(self):
        references = new_references("C", 5000)
        assert len(set(references)) == 5000
        assert all(normalise(reference) == reference for reference in references)

    def test_use_every_symbol_at_every_place(self):
        columns = zip(*(reference.replace("-", "")[1:] for reference in new_references("R", 4000)), strict=True)
        assert all(set(column) == set(ALPHABET) for column in columns)

    def test_of_none_are_none(self):
        assert new_references("R", 0) == []

    def test_ten_thousand_take_less_than_30_milliseconds(self):
        def seconds() -> float:
            start = process_time()
            new_references("I", 10_000, symbols=12)
            return process_time() - start

        assert min(seconds() for _ in range(5)) < 0.03


class TestNormalise:
    @pytest.mark.parametrize(
        "spoil", [str.lower, str.strip, lambda t: t.replace("-", ""), lambda t: f"  {t.replace('-', ' – ')} "]
    )
    def test_forgives_case_blanks_and_dashes(self, spoil):
        (reference,) = new_references("R", 1)
        assert normalise(spoil(reference)) == reference

    def test_forgives_letters_that_look_like_digits(self):
        body = "01010101"
        reference = f"R-0101-0101-{check_symbol('R', body)}"
        assert normalise(reference.replace("0", "O").replace("1", "l")) == reference
        assert normalise(reference.replace("0", "o").replace("1", "I")) == reference

    def test_forgives_an_item_that_begins_with_one(self):
        (reference,) = new_references("I", 1, symbols=12)
        assert normalise("1" + reference[1:]) == reference
        assert normalise("l" + reference[1:]) == reference

    @pytest.mark.parametrize(
        "text", ["", "R", "R-7KQ4", "R-7KQ4-93DM-XX", "U" * 10, "R-UUUU-UUUU-U", "é" * 10, "ſ" * 10]
    )
    def test_refuses_what_is_no_reference(self, text: str):
        assert normalise(text) is None

    @given(prefix=PREFIXES, body=BODIES, data=st.data())
    def test_notices_one_wrong_symbol(self, prefix: str, body: str, data: st.DataObject):
        packed = prefix + body + check_symbol(prefix, body)
        place = data.draw(st.integers(0, len(packed) - 1))
        wrong = data.draw(st.sampled_from("RCM" if place == 0 else ALPHABET).filter(lambda s: s != packed[place]))
        assert normalise(packed[:place] + wrong + packed[place + 1 :]) is None

    @given(prefix=PREFIXES, body=BODIES)
    def test_notices_any_two_symbols_exchanged(self, prefix: str, body: str):
        packed = body + check_symbol(prefix, body)
        for one, other in combinations(range(len(packed)), 2):
            if packed[one] != packed[other]:
                swapped = list(packed)
                swapped[one], swapped[other] = swapped[other], swapped[one]
                assert normalise(prefix + "".join(swapped)) is None

    @given(prefix=PREFIXES, body=BODIES)
    def test_leaves_a_valid_reference_alone(self, prefix: str, body: str):
        reference = normalise(prefix + body + check_symbol(prefix, body))
        assert reference is not None
        assert normalise(reference) == reference
        assert reference.replace("-", "")[1:-1] == body

    @given(st.text())
    def test_answers_any_text(self, text: str):
        reference = normalise(text)
        assert reference is None or normalise(reference) == reference
