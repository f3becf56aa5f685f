import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.referrals.intake.cells import guarded, unguarded
from apps.referrals.intake.dates import DateFormat
from apps.referrals.intake.decoding import MAX_BYTES, TableRefused
from apps.referrals.intake.mapping import ColumnMapping, read_table_rows, suggest_mapping
from apps.referrals.intake.problems import RowCode
from apps.referrals.intake.rejects import Reject, write_rejects
from apps.referrals.intake.rows import BadRow, Row
from apps.referrals.intake.tables import Table, read_table

TODAY = date(2026, 11, 23)
DATA = Path(__file__).resolve().parents[1] / "data"


def rows_of(data: bytes) -> list[Row | BadRow]:
    table = read_table(data)
    return read_table_rows(table, suggest_mapping(table), today=TODAY)


def codes(data: bytes) -> list[str]:
    return ["" if isinstance(row, Row) else row.problems[0].code.value for row in rows_of(data)]


class TestEncodings:
    TEXT = "url,note\r\nhttps://video.example/ä,Grüße\r\n"

    @pytest.mark.parametrize(
        ("encode", "name"),
        [
            (lambda text: text.encode("utf-8"), "utf-8"),
            (lambda text: text.encode("utf-8-sig"), "utf-8-sig"),
            (lambda text: text.encode("utf-16"), "utf-16"),
            (lambda text: b"\xff\xfe" + text.encode("utf-16-le"), "utf-16"),
            (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "utf-16"),
            (lambda text: text.encode("utf-16-le"), "utf-16-le"),
            (lambda text: text.encode("utf-16-be"), "utf-16-be"),
        ],
    )
    def test_are_told_apart(self, encode, name: str):
        table = read_table(encode(self.TEXT))
        assert table.encoding == name
        assert table.headers == ("url", "note")
        assert table.rows[0].cells == ("https://video.example/ä", "Grüße")

    def test_a_byte_that_is_not_utf_8_costs_its_own_row_only(self):
        data = b"url,note\nhttps://a.example/,caf\xe9\nhttps://b.example/,caf\xc3\xa9\n"
        bad, good = rows_of(data)
        assert isinstance(bad, BadRow) and isinstance(good, Row)
        assert [problem.code for problem in bad.problems] == [RowCode.NOT_UTF8]
        assert good.note == "café"

    def test_such_a_row_is_kept_in_a_form_that_a_person_can_mend(self):
        (bad,) = rows_of(b"url,note\nhttps://a.example/,caf\xe9\n")
        assert bad.given == {"url": "https://a.example/", "note": "café"}


class TestSeparators:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_are_told_apart(self, separator: str):
        table = read_table(f"url{separator}note\nhttps://a.example/x,y;z{separator}n\n".replace("x,y;z", "x").encode())
        assert table.delimiter == separator
        assert table.rows[0].cells == ("https://a.example/x", "n")

    def test_in_addresses_do_not_mislead(self):
        table = read_table(b"url;note\nhttps://a.example/x,1,2;n\nhttps://a.example/y,1,2;m\n")
        assert table.delimiter == ";"
        assert table.rows[0].cells == ("https://a.example/x,1,2", "n")

    def test_are_none_in_a_file_of_one_column(self):
        table = read_table(b"url\nhttps://a.example/x,1;2\nhttps://a.example/y\n")
        assert table.delimiter == ""
        assert [row.cells for row in table.rows] == [("https://a.example/x,1;2",), ("https://a.example/y",)]

    def test_may_be_named_as_excel_does(self):
        table = read_table(b"sep=;\r\nurl;note\r\nhttps://a.example/;n\r\n")
        assert (table.delimiter, table.headers) == (";", ("url", "note"))


class TestRows:
    def test_keep_the_line_they_begin_at(self):
        table = read_table(b'url,note\n\nhttps://a.example/,"two\nlines"\nhttps://b.example/,x\n')
        assert [(row.line, row.cells[1]) for row in table.rows] == [(3, "two\nlines"), (5, "x")]

    def test_that_are_short_are_filled_up(self):
        table = read_table(b"url,note,account\nhttps://a.example/\nhttps://b.example/,x,y,,\n")
        assert [row.cells for row in table.rows] == [("https://a.example/", "", ""), ("https://b.example/", "x", "y")]
        assert not table.problems

    def test_with_too_many_cells_are_told(self):
        (bad, good) = rows_of(b"url,note\nhttps://a.example/,x,y\nhttps://b.example/,x\n")
        assert isinstance(good, Row) and isinstance(bad, BadRow)
        assert bad.problems[0].code is RowCode.TOO_MANY_CELLS
        assert bad.given == {"url": "https://a.example/", "note": "x", "column_3": "y"}

    def test_with_an_endless_cell_are_told(self):
        assert codes(b"url,note\nhttps://a.example/," + b"x" * 32_001 + b"\nhttps://b.example/,x\n") == [
            "cell_too_long",
            "",
        ]

    def test_with_an_endless_cell_are_kept_to_its_limit(self):
        bad = rows_of(
            b"url,note\nhttps://a.example/," + b"x" * 50_000 + b"\n" + b"y" * 200_000 + b"\nhttps://b.example/,x\n"
        )
        assert [isinstance(row, Row) for row in bad] == [False, False, True]
        assert max(len(cell) for row in bad for cell in row.given.values()) == 32_000

    def test_with_an_open_quotation_mark_cost_one_line(self):
        data = b'url,note\nhttps://a.example/,x\nhttps://b.example/,"open\nhttps://c.example/,y\nhttps://d.example/,z\n'
        assert codes(data) == ["", "quote_not_closed", "", ""]

    def test_with_an_open_mark_before_a_hundred_thousand_letters_cost_one_line(self):
        filler = b"".join(b"https://c.example/%d,y\n" % number for number in range(9000))
        found = codes(b'url,note\nhttps://b.example/,"open\n' + filler)
        assert found[0] == "quote_not_closed"
        assert found[1:] == [""] * 9000

    def test_with_an_open_mark_each_are_not_swallowed_by_the_one_before(self):
        assert codes(b"url,note\n" + b'https://a.example/,"x\n' * 4) == ["quote_not_closed"] * 3 + [""]

    def test_with_a_quotation_mark_inside_are_read(self):
        (row,) = rows_of(b'url,note\nhttps://a.example/,5" screen and 7" screen\n')
        assert isinstance(row, Row) and row.note == '5" screen and 7" screen'

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
                min_size=3,
                max_size=3,
            ),
            max_size=8,
        ),
        st.sampled_from([",", ";", "\t", "|"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    )
    def test_are_all_there_as_they_were_written(self, records: list[list[str]], separator: str, encoding: str):
        out = StringIO(newline="")
        writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerow(["url", "account", "note"])
        writer.writerows(records)
        table = read_table(out.getvalue().encode(encoding))
        assert [list(row.cells) for row in table.rows] == [record for record in records if any(record)]
        assert not table.problems

    @given(st.binary(max_size=400))
    def test_come_of_any_bytes_or_the_file_is_refused(self, data: bytes):
        try:
            table = read_table(data)
        except TableRefused:
            return
        assert len(read_table_rows(table, suggest_mapping(table), today=TODAY)) == len(table.rows)


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file_empty"),
            (b" \r\n\r\n", "file_empty"),
            (b"PK\x03\x04 a workbook", "not_a_table"),
            (b"%PDF-1.7", "not_a_table"),
            (b",".join([b"x"] * 201) + b"\n", "too_many_columns"),
            (b"url\n" + b"https://a.example/\n" * 100_001, "too_many_rows"),
            (b"url\n" + b"\n" * 3_000_000, "too_many_rows"),
            (b'"url,note\nhttps://a.example/,x\n', "quotes_broken"),
            (b"x" * 200_000, "not_a_table"),
            (b"x" * (MAX_BYTES + 1), "file_too_large"),
            (b"url,note\n" + b'https://a.example/,"x\n' * 102, "quotes_broken"),
        ],
        ids=[
            "empty",
            "blank",
            "workbook",
            "pdf",
            "wide",
            "long",
            "empty lines",
            "open header",
            "no lines",
            "large",
            "quotes",
        ],
    )
    def test_say_why(self, data: bytes, code: str):
        with pytest.raises(TableRefused) as refused:
            read_table(data)
        assert refused.value.code == code
        assert str(refused.value).endswith(".")

    def test_end_at_a_hundred_thousand_rows(self):
        assert len(read_table(b"url\n" + b"https://a.example/\n" * 100_000).rows) == 100_000


class TestHeaders:
    def test_are_missing_where_the_first_row_holds_an_address(self):
        table = read_table(b"https://a.example/,x\nhttps://b.example/,y\n")
        assert not table.has_header
        assert table.headers == ("column_1", "column_2")
        assert len(table.rows) == 2
        assert suggest_mapping(table).columns["url"] == 0

    def test_without_a_name_or_twice_the_same_get_one(self):
        table = read_table(b"url,,url,note\nhttps://a.example/,1,2,3\n")
        assert table.headers == ("url", "column_2", "url (3)", "note")

    @pytest.mark.parametrize(
        "name", ["url", "URL", "Url ", "Address", "adresse", "Lien", "Link", "Content URL", "web_address"]
    )
    def test_for_the_address_are_known_in_many_forms(self, name: str):
        table = read_table(f"n,{name}\n1,https://a.example/\n".encode())
        assert suggest_mapping(table).columns["url"] == 1

    @pytest.mark.parametrize(
        ("header", "field"),
        [
            ("External ID", "external_id"),
            ("contentType", "content_type"),
            ("Langue", "content_language"),
            ("Publié le", "published_on"),
            ("Veröffentlicht am", "published_on"),
            ("Created On", "published_on"),
            ("Commentaire", "note"),
            ("user name", "account"),
        ],
    )
    def test_for_other_fields_too(self, header: str, field: str):
        table = read_table(f"url,{header}\nhttps://a.example/,x\n".encode())
        assert suggest_mapping(table).columns == {"url": 0, field: 1}

    def test_that_say_nothing_leave_it_to_the_cells(self):
        table = read_table(b"a,b\n1,https://a.example/\n2,https://b.example/\n")
        assert suggest_mapping(table).columns == {"url": 1}

    def test_that_nobody_knows_leave_the_address_to_a_person(self):
        mapping = suggest_mapping(read_table(b"a,b\n1,nonsense\n"))
        assert not mapping.has_address


class TestMapping:
    def test_survives_storage(self):
        mapping = ColumnMapping({"url": 2, "note": 0}, DateFormat.MONTH_FIRST)
        assert ColumnMapping.from_json(mapping.as_json()) == mapping

    def test_of_an_unknown_field_is_dropped(self):
        assert ColumnMapping.from_json({"columns": {"url": 0, "state": 1}}) == ColumnMapping({"url": 0})

    def test_decides_how_dates_are_read(self):
        table = read_table(b"url,when\nhttps://a.example/,1/2/2025\n")
        columns = {"url": 0, "published_on": 1}
        (day_first,) = read_table_rows(table, ColumnMapping(columns, DateFormat.DAY_FIRST), today=TODAY)
        (month_first,) = read_table_rows(table, ColumnMapping(columns, DateFormat.MONTH_FIRST), today=TODAY)
        (iso,) = read_table_rows(table, ColumnMapping(columns), today=TODAY)
        assert isinstance(day_first, Row) and day_first.published_on == date(2025, 2, 1)
        assert isinstance(month_first, Row) and month_first.published_on == date(2025, 1, 2)
        assert isinstance(iso, BadRow) and iso.problems[0].code is RowCode.DATE_INVALID

    def test_without_an_address_makes_every_row_bad(self):
        table = read_table(b"a,b\n1,2\n")
        (row,) = read_table_rows(table, ColumnMapping({}), today=TODAY)
        assert isinstance(row, BadRow) and row.problems[0].code is RowCode.ADDRESS_MISSING


def accounted(path: Path) -> tuple[Table, list[Row | BadRow]]:
    table = read_table(path.read_bytes())
    with path.open(encoding="utf-8", newline="") as file:
        assert len(table.rows) == sum(1 for _ in csv.reader(file)) - 1
    return table, read_table_rows(table, suggest_mapping(table), today=TODAY)


class TestFilesOfOtherSystems:
    def test_a_list_of_takedowns_is_read_whole(self):
        _table, rows = accounted(DATA / "takedown_urls.csv")
        assert all(isinstance(row, Row) for row in rows)
        assert len({row.address.url_hash for row in rows if isinstance(row, Row)}) < len(rows)

    def test_an_export_of_alerts_is_read_whole(self):
        table, rows = accounted(DATA / "alerts_export.csv")
        assert suggest_mapping(table) == ColumnMapping(
            {"url": 2, "external_id": 0, "published_on": 4, "note": 1}, DateFormat.MONTH_FIRST
        )
        first = rows[0]
        assert isinstance(first, Row)
        assert first.address.canonical == "https://en.encyclo.example/wiki/File:Hedgehog_in_cup.png"
        assert (first.external_id, first.published_on) == ("51001", date(2022, 12, 21))
        assert first.given["Protocol"] == "https://"

    @pytest.mark.shared_fixtures
    def test_the_public_takedown_list_is_read_whole(self, shared: Path):
        _table, rows = accounted(shared / "intake" / "public_takedown_urls.csv")
        assert len(rows) == 119
        assert all(isinstance(row, Row) for row in rows)

    @pytest.mark.shared_fixtures
    def test_the_alerts_of_the_other_system_are_read_whole(self, shared: Path):
        _table, rows = accounted(shared / "intake" / "tcap_alerts.csv")
        assert len(rows) == 9
        assert all(isinstance(row, Row) and row.published_on for row in rows)


class TestRejects:
    def test_hold_the_columns_as_sent_and_what_was_wrong(self):
        written = write_rejects(
            [Reject({"ID": "7", "URL": "nonsense"}, "invalid", "not_an_address", "Not an address.")]
        )
        assert written.decode("utf-8-sig").splitlines() == [
            '"ID","URL","result","code","detail"',
            '"7","nonsense","invalid","not_an_address","Not an address."',
        ]

    def test_can_be_sent_again_as_they_are(self):
        given = {"URL": "https://a.example/", "Note": "=1+1", "Who": "'quoted'", "What": "'=x"}
        table = read_table(write_rejects([Reject(given, "unrouted", "unrouted", "-")]))
        assert table.headers[:4] == tuple(given)
        assert table.rows[0].cells[:4] == tuple(given.values())
        assert suggest_mapping(table).columns["url"] == 0

    def test_of_rejects_carry_their_old_result_no_further(self):
        given = {"url": "x", "result": "invalid", "code": "c", "detail": "d"}
        table = read_table(write_rejects([Reject(given, "held", "e", "f")]))
        assert table.headers == ("url", "result", "code", "detail")
        assert table.rows[0].cells == ("x", "held", "e", "f")

    def test_of_rows_with_different_columns_have_them_all(self):
        written = write_rejects(
            [Reject({"url": "a"}, "", "", ""), Reject({"url": "b", "note": "n"}, "", "", ""), Reject(7, "", "", "")]
        )
        assert written.decode("utf-8-sig").splitlines()[0] == '"url","note","result","code","detail"'


class TestFormulas:
    @pytest.mark.parametrize(
        "cell",
        [
            "=1",
            "+1",
            "-1",
            "@SUM",
            "\t=1",
            "\rx",
            "\nx",
            "  =1",
            "\ufeff=1",
            "\u200b=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "\0=1",
            "'=1",
        ],
    )
    def test_are_made_harmless(self, cell: str):
        assert guarded(cell) == f"'{cell}"

    @pytest.mark.parametrize("cell", ["", "x", "https://a.example/=1", "'tis", "a=b", "1-1"])
    def test_are_not_seen_where_there_are_none(self, cell: str):
        assert guarded(cell) == cell

    @given(st.text() | st.from_regex(r"'{0,2}\s?[=+\-@].*"))
    def test_never_survive_and_are_never_lost(self, cell: str):
        safe = guarded(cell)
        assert unguarded(safe) == cell
        assert safe.strip(
            "\0\ufeff\u200b\u200c\u200d\u200e\u200f\u2060 \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u2028\u2029"
        )[:1] not in set("=+-@＝＋－＠")

    @given(
        st.dictionaries(
            st.sampled_from(["a", "b", "=c"]), st.text(st.characters(exclude_categories=["Cs"])), min_size=1
        )
    )
    def test_never_reach_a_spreadsheet(self, given: dict[str, str]):
        text = write_rejects([Reject(given, "invalid", "x", "y")]).decode("utf-8-sig")
        for record in csv.reader(StringIO(text, newline="")):
            assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for cell in record)
