import json
from datetime import date
from time import process_time
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from apps.referrals.intake.dates import DateFormat, fitting_format, read_date
from apps.referrals.intake.problems import SENTENCES, RowCode, RowError
from apps.referrals.intake.rows import FIELDS, BadRow, Row, read_row, read_rows, storable

TODAY = date(2026, 11, 23)
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=20)  # NUL and halves of surrogate pairs included
URL = "https://video.example/watch?v=1"


def read(**fields: Any) -> Row:
    row = read_row(0, {"url": URL} | fields, today=TODAY)
    assert isinstance(row, Row), row
    return row


def problems(fields: Any) -> list[RowCode]:
    row = read_row(0, fields, today=TODAY)
    assert isinstance(row, BadRow), row
    return [problem.code for problem in row.problems]


class TestReadableRow:
    def test_carries_its_fields(self):
        row = read(
            external_id="118-1",
            content_type="CONTENT_TYPE_VIDEO",
            content_language="ar",
            account="@abc",
            published_on="2026-11-01",
            note="two\nlines",
        )
        assert row.address.canonical == URL
        assert (row.external_id, row.content_type, row.content_language) == ("118-1", "CONTENT_TYPE_VIDEO", "ar")
        assert (row.account, row.published_on, row.note) == ("@abc", date(2026, 11, 1), "two\nlines")

    def test_needs_an_address_alone(self):
        row = read()
        assert (row.external_id, row.content_type, row.note, row.published_on) == ("", "", "", None)

    def test_takes_null_and_empty_for_missing(self):
        row = read(external_id=None, content_type="", published_on=None, note="")
        assert (row.external_id, row.content_type, row.published_on, row.note) == ("", "", None, "")

    @pytest.mark.parametrize("given", ["video", "VIDEO", "content_type_video", "CONTENT_TYPE_VIDEO"])
    def test_takes_content_types_as_people_write_them(self, given: str):
        assert read(content_type=given).content_type == "CONTENT_TYPE_VIDEO"

    @pytest.mark.parametrize(("given", "stored"), [("EN", "en"), ("de-AT", "de"), ("und", "und"), ("ZXX", "zxx")])
    def test_takes_languages_as_people_write_them(self, given: str, stored: str):
        assert read(content_language=given).content_language == stored

    def test_takes_today_for_a_date_of_publication(self):
        assert read(published_on=TODAY.isoformat()).published_on == TODAY

    def test_remembers_what_was_sent(self):
        fields = {"url": " HTTPS://video.example/ ", "note": " x "}
        row = read_row(4, fields, today=TODAY)
        assert isinstance(row, Row)
        assert (row.index, row.given, row.note) == (4, fields, "x")


class TestBadRow:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ("https://video.example/", RowCode.NOT_AN_OBJECT),
            (None, RowCode.NOT_AN_OBJECT),
            ([], RowCode.NOT_AN_OBJECT),
            ({}, RowCode.ADDRESS_MISSING),
            ({"url": None}, RowCode.ADDRESS_MISSING),
            ({"url": " "}, RowCode.ADDRESS_MISSING),
            ({"url": 7}, RowCode.WRONG_TYPE),
            ({"url": "nonsense"}, RowCode.NOT_AN_ADDRESS),
            ({"url": "ftp://example.com/"}, RowCode.SCHEME_NOT_ALLOWED),
            ({"url": "https://example.com/" + "a" * 9000}, RowCode.ADDRESS_TOO_LONG),
            ({"url": URL, "adress": "x"}, RowCode.UNKNOWN_FIELD),
            ({"url": URL, "external_id": 7}, RowCode.WRONG_TYPE),
            ({"url": URL, "external_id": 0}, RowCode.WRONG_TYPE),
            ({"url": URL, "note": ["x"]}, RowCode.WRONG_TYPE),
            ({"url": URL, "external_id": "x" * 101}, RowCode.TOO_LONG),
            ({"url": URL, "account": "x" * 201}, RowCode.TOO_LONG),
            ({"url": URL, "note": "x" * 2001}, RowCode.TOO_LONG),
            ({"url": URL, "account": "a\0b"}, RowCode.CONTROL_CHARACTER),
            ({"url": URL, "account": "a\nb"}, RowCode.CONTROL_CHARACTER),
            ({"url": URL, "note": "a\x1bb"}, RowCode.CONTROL_CHARACTER),
            ({"url": URL, "note": "caf\udce9"}, RowCode.NOT_UTF8),
            ({"url": URL, "content_type": "blob"}, RowCode.UNKNOWN_CONTENT_TYPE),
            ({"url": URL, "content_language": "xx"}, RowCode.UNKNOWN_LANGUAGE),
            ({"url": URL, "published_on": "21.12.2025"}, RowCode.DATE_INVALID),
            ({"url": URL, "published_on": "2026-02-30"}, RowCode.DATE_INVALID),
            ({"url": URL, "published_on": "2026-11-24"}, RowCode.DATE_IN_FUTURE),
        ],
    )
    def test_has_one_code_for_one_fault(self, fields: Any, code: RowCode):
        assert problems(fields) == [code]

    def test_tells_all_its_faults_at_once(self):
        fields = {"url": "x", "a": 1, "b": 2, "content_type": "blob", "content_language": "xx", "published_on": "x"}
        assert problems(fields) == [
            RowCode.NOT_AN_ADDRESS,
            RowCode.UNKNOWN_FIELD,
            RowCode.UNKNOWN_FIELD,
            RowCode.UNKNOWN_CONTENT_TYPE,
            RowCode.UNKNOWN_LANGUAGE,
            RowCode.DATE_INVALID,
        ]

    def test_just_fits_at_its_limits(self):
        row = read(external_id="x" * 100, account="x" * 200, note="x" * 2000)
        assert (len(row.external_id), len(row.account), len(row.note)) == (100, 200, 2000)

    def test_names_the_field_and_what_would_be_right(self):
        row = read_row(0, {"url": URL, "adress": "x"}, today=TODAY)
        assert isinstance(row, BadRow)
        assert row.problems[0].field == "adress"
        assert all(field in row.problems[0].detail for field in ("adress", *FIELDS))

    def test_does_not_stop_the_good_ones(self):
        rows = read_rows([{"url": URL}, 3, {"url": "nonsense"}, {"url": "example.com/x"}], today=TODAY)
        assert [row.index for row in rows] == [0, 1, 2, 3]
        assert [isinstance(row, Row) for row in rows] == [True, False, False, True]

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | ANY_TEXT, lambda x: st.lists(x) | st.dictionaries(ANY_TEXT, x)
        )
    )
    def test_can_be_stored_whatever_was_sent(self, given: Any):
        row = read_row(0, given, today=TODAY)
        stored = json.dumps(storable({"url": given, "row": row.given}), ensure_ascii=False)
        assert b"\\u0000" not in stored.encode()


class TestSentences:
    @pytest.mark.parametrize("code", RowCode)
    def test_end_with_a_full_stop_and_take_their_facts(self, code: RowCode):
        error = RowError(code, field="note", value="100% of %(field)s", known="this", limit=3)
        assert error.detail.endswith(".")
        assert "%(" not in error.detail.replace("%(field)s", "") or code not in SENTENCES

    def test_are_said_in_the_language_of_the_reader(self, monkeypatch: pytest.MonkeyPatch):
        error = RowError(RowCode.ADDRESS_MISSING)
        with override("en"):
            assert error.detail.startswith("The row has no address.")
        assert not isinstance(SENTENCES[RowCode.ADDRESS_MISSING], str)


class TestDates:
    @pytest.mark.parametrize(
        ("text", "dates", "day"),
        [
            ("2025-12-21", DateFormat.ISO, date(2025, 12, 21)),
            ("2025-12-21T16:41:59Z", DateFormat.ISO, date(2025, 12, 21)),
            ("2025-12-21 16:41:59.123+01:00", DateFormat.ISO, date(2025, 12, 21)),
            ("21.12.2025", DateFormat.DAY_FIRST, date(2025, 12, 21)),
            ("1/2/2025", DateFormat.DAY_FIRST, date(2025, 2, 1)),
            ("1/2/2025", DateFormat.MONTH_FIRST, date(2025, 1, 2)),
            ("12/21/22 16:41:59", DateFormat.MONTH_FIRST, date(2022, 12, 21)),
            ("12/21/22 4:41 PM", DateFormat.MONTH_FIRST, date(2022, 12, 21)),
            ("12/21/98", DateFormat.MONTH_FIRST, date(1998, 12, 21)),
            ("21.12.2025", DateFormat.ISO, None),
            ("21.12.2025", DateFormat.MONTH_FIRST, None),
            ("20251221", DateFormat.ISO, None),
            ("2025-12-21", DateFormat.DAY_FIRST, None),
            ("31.02.2025", DateFormat.DAY_FIRST, None),
            ("٢٠٢٥-١٢-٢١", DateFormat.ISO, None),
            ("soon", DateFormat.ISO, None),
        ],
    )
    def test_are_read_in_the_form_chosen_for_the_column(self, text: str, dates: DateFormat, day: date | None):
        assert read_date(text, dates) == day

    def test_form_is_proposed_only_where_there_is_no_doubt(self):
        assert fitting_format(["12/21/22 16:41:59", "1/2/23 10:00:00"]) is DateFormat.MONTH_FIRST
        assert fitting_format(["21.12.2025", ""]) is DateFormat.DAY_FIRST
        assert fitting_format(["2025-12-21"]) is DateFormat.ISO
        assert fitting_format(["1/2/2025"]) is None
        assert fitting_format(["soon"]) is None
        assert fitting_format([]) is None

    @pytest.mark.parametrize("dates", DateFormat)
    def test_of_the_pattern_shown_can_be_read(self, dates: DateFormat):
        assert read_date(dates.pattern, dates) == date(2026, 12, 21)


def test_ten_thousand_rows_are_read_in_less_than_six_tenths_of_a_second():
    items = [
        {
            "url": f"https://www.video{number % 3000}.example.com/watch?v={number}",
            "external_id": f"A-{number}",
            "content_type": "CONTENT_TYPE_VIDEO",
            "content_language": "ar",
            "account": "@abc",
            "published_on": "2026-11-01",
            "note": "A note of some length, as officers write it.",
        }
        for number in range(10_000)
    ]

    def seconds() -> float:
        start = process_time()
        assert all(isinstance(row, Row) for row in read_rows(items, today=TODAY))
        return process_time() - start

    assert min(seconds() for _ in range(3)) < 0.6
