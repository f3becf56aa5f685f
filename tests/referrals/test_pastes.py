from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.referrals.intake.decoding import TableRefused
from apps.referrals.intake.paste import read_paste


def urls(text: str) -> list[str]:
    return [item["url"] for item in read_paste(text).items]


class TestOneAddressOnEachLine:
    def test_gives_one_item_each(self):
        assert urls("https://a.example/1\r\n\r\n  example.com/2  \nhxxps://c[.]example/3") == [
            "https://a.example/1",
            "example.com/2",
            "hxxps://c[.]example/3",
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "https://a.example/1 seen today",
            "https://a.example/1, seen today",
            "https://a.example/1\tseen today",
            "https://a.example/1 - seen today",
            "1. https://a.example/1 seen today",
            "- https://a.example/1 seen today",
        ],
    )
    def test_takes_the_rest_of_the_line_for_a_note(self, line: str):
        assert read_paste(line).items == [{"url": "https://a.example/1", "note": "seen today"}]

    def test_keeps_a_lone_word_that_is_no_address_to_be_told(self):
        assert urls("nonsense\nsomebody@example.com") == ["nonsense", "somebody@example.com"]

    def test_says_on_which_line_each_stands(self):
        assert read_paste("\nhttps://a.example/1\nDear all\nsee www.b.example/2\nhttps://d.example/3").lines == [
            2,
            4,
            5,
        ]


class TestTextOfAMail:
    MAIL = """\
Dear colleagues,

please look at (https://a.example/wiki/Cat_(animal)) and at
> https://b.example/2.
> > <https://c.example/3>
or www.d.example/4, e.g. this is prose. End.
example.org/5 was seen yesterday
etc.and so on
"""

    def test_gives_the_addresses_without_the_sentence_around_them(self):
        assert urls(self.MAIL) == [
            "https://a.example/wiki/Cat_(animal)",
            "https://b.example/2",
            "https://c.example/3",
            "www.d.example/4",
            "example.org/5",
        ]

    def test_tells_the_lines_without_any(self):
        assert read_paste(self.MAIL).prose == [(1, "Dear colleagues,"), (8, "etc.and so on")]

    def test_may_hold_several_on_one_line(self):
        assert urls("see https://a.example/1 and https://b.example/2!") == [
            "https://a.example/1",
            "https://b.example/2",
        ]
        assert urls("https://a.example/1 https://b.example/2") == ["https://a.example/1", "https://b.example/2"]

    @pytest.mark.parametrize(
        "hostile", ["https://a.example/" + ")" * 8000 + " ", ")" * 8000, "www." * 2000, "> " * 4000]
    )
    def test_is_read_in_time_that_grows_with_its_length(self, hostile: str):
        start = process_time()
        read_paste("see " + hostile * 100)
        assert process_time() - start < 1.5

    def test_of_millions_of_lines_is_refused(self):
        with pytest.raises(TableRefused):
            read_paste("\n" * 1_000_001)
        with pytest.raises(TableRefused):
            read_paste("two words\n" * 100_001)

    @given(st.text(max_size=300))
    def test_loses_no_line(self, text: str):
        paste = read_paste(text)
        lines = [line for line in text.splitlines() if line.strip(" \t>")]
        assert len(paste.items) + len(paste.prose) >= sum(1 for line in lines if any(c.isalnum() for c in line))
