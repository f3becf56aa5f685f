"""Every rule of domain.md 4.4, broken once, with the field it is reported at."""

import json

import pytest

from apps.referrals.statements.rules import REMOVED, RENAMED, SENTENCES, problems
from apps.referrals.statements.shape import FIELDS, NEEDED_WITH, REQUIRED
from tests.statements.checker import KEYWORDS, KNOWN, faults
from tests.statements.examples import statement, whole_statement

ILLEGAL = {
    "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "incompatible_content_ground": None,
    "incompatible_content_explanation": None,
    "illegal_content_legal_ground": "Directive (EU) 2017/541, Article 5",
    "illegal_content_explanation": "It calls for an attack.",
}
OTHERS = {
    "decision_visibility_other": {"decision_visibility": ["DECISION_VISIBILITY_OTHER"]},
    "decision_monetary_other": {"decision_monetary": "DECISION_MONETARY_OTHER"},
    "content_type_other": {"content_type": ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_OTHER"]},
}


def codes(given):
    return [(one.field, one.code) for one in problems(given)]


class TestAStatement:
    @pytest.mark.parametrize("valid", [statement(), statement(**ILLEGAL), whole_statement()])
    def test_that_is_valid_has_no_problem(self, valid):
        assert codes(valid) == []
        assert faults({k: v for k, v in valid.items() if k in KNOWN}) == []

    @pytest.mark.parametrize("odd", [None, [], "statement", 7])
    def test_is_an_object(self, odd):
        assert codes(odd) == [("", "not_an_object")]

    def test_has_no_other_field(self):
        assert codes(statement(decision_visiblity=["X"])) == [("decision_visiblity", "unknown_field")]

    @pytest.mark.parametrize("name", REQUIRED)
    @pytest.mark.parametrize("blank", ["left out", "", [], None])
    def test_needs_the_required_fields(self, name, blank):
        given = statement() | {name: blank}
        if blank == "left out":
            del given[name]
        assert (name, "required") in codes(given)

    def test_restricts_something(self):
        given = statement(decision_visibility=None)
        assert codes(given) == [("decision_visibility", "no_decision")]

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("decision_monetary", "DECISION_MONETARY_SUSPENSION"),
            ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION"),
            ("decision_account", "DECISION_ACCOUNT_SUSPENDED"),
        ],
    )
    def test_needs_no_visibility_where_another_family_is_restricted(self, name, code):
        assert codes(statement(decision_visibility=None, **{name: code})) == []

    @pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.codes])
    def test_uses_official_codes_only(self, name):
        wrong = ["SOMETHING"] if FIELDS[name].kind.name == "CODES" else "SOMETHING"
        assert (name, "unknown_code") in codes(statement(**{name: wrong}))

    @pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.kind.name == "CODES"])
    def test_has_lists_where_lists_belong(self, name):
        assert (name, "not_a_list") in codes(statement(**{name: "SOMETHING"}))

    @pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.kind.name == "CODE"])
    def test_has_one_code_where_one_belongs(self, name):
        assert (name, "not_a_text") in codes(statement(**{name: ["SOMETHING"]}))

    @pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.kind.name == "TEXT"])
    def test_has_texts_within_their_lengths(self, name):
        longest = {"decision_facts": 5000, "illegal_content_explanation": 2000}.get(name, 500)
        longest = 2000 if name == "incompatible_content_explanation" else longest
        assert (name, "too_long") in codes(statement(**{name: "x" * (longest + 1)}))
        assert (name, "too_long") not in codes(statement(**{name: "x" * longest}))
        assert (name, "not_a_text") in codes(statement(**{name: 7}))
        assert (name, "not_a_text") in codes(statement(**{name: "a\x00b"}))
        assert (name, "required") in codes(statement(**{name: "  "}))


class TestFieldsThatGoTogether:
    @pytest.mark.parametrize("name", OTHERS)
    def test_other_needs_its_text_and_the_text_needs_other(self, name):
        assert codes(statement(**OTHERS[name])) == [(name, "needed")]
        assert codes(statement(**OTHERS[name], **{name: "A quarantine."})) == []
        assert codes(statement(**{name: "A quarantine."})) == [(name, "not_needed")]

    @pytest.mark.parametrize("name", ["illegal_content_legal_ground", "illegal_content_explanation"])
    def test_illegal_content_names_the_law_and_explains(self, name):
        assert codes(statement(**ILLEGAL | {name: None})) == [(name, "needed")]
        assert codes(statement(**{name: "…"})) == [(name, "not_needed")]

    @pytest.mark.parametrize("name", ["incompatible_content_ground", "incompatible_content_explanation"])
    def test_incompatible_content_names_the_clause_and_explains(self, name):
        assert codes(statement(**{name: None})) == [(name, "needed")]
        assert codes(statement(**ILLEGAL | {name: "…"})) == [(name, "not_needed")]

    def test_also_illegal_is_said_of_incompatible_content_alone(self):
        assert codes(statement(incompatible_content_illegal="No")) == []
        given = statement(**ILLEGAL, incompatible_content_illegal="No")
        assert codes(given) == [("incompatible_content_illegal", "not_needed")]

    def test_a_further_keyword_comes_with_keyword_other(self):
        text = {"category_specification_other": "Short-term rental"}
        assert codes(statement(**text)) == [("category_specification_other", "not_needed")]
        assert codes(statement(**text, category_specification=["KEYWORD_OTHER"])) == []

    def test_all_pairs_are_tested(self):
        tested = {*OTHERS, "illegal_content_legal_ground", "illegal_content_explanation"}
        assert tested | {"incompatible_content_ground", "incompatible_content_explanation"} == NEEDED_WITH.keys()


class TestDates:
    @pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.kind.name == "DAY"])
    @pytest.mark.parametrize("odd", ["2026-02-30", "02/03/2026", "2026-3-2", "20260302", "2026-03-02T09:00:00Z", 2026])
    def test_are_days_of_the_calendar(self, name, odd):
        assert codes(statement(**{name: odd})) == [(name, "not_a_date")]

    @pytest.mark.parametrize(
        ("name", "good", "bad"),
        [
            ("content_date", ["2000-01-01", "2038-01-01"], ["1999-12-31", "2038-01-02"]),
            ("application_date", ["2020-01-01", "2038-01-01"], ["2019-12-31", "2038-01-02"]),
        ],
    )
    def test_lie_in_their_range(self, name, good, bad):
        assert [codes(statement(**{name: day})) for day in good] == [[], []]
        assert [codes(statement(**{name: day})) for day in bad] == [[(name, "out_of_range")]] * 2

    def test_without_an_end_a_restriction_has_none(self):
        assert codes(statement(end_date_visibility_restriction="")) == []
        assert codes(statement(end_date_visibility_restriction="2026-09-01")) == []


class TestForms:
    @pytest.mark.parametrize("puid", ["a b", "ä", "x/y", "1.2", "x\n", "", "٣"])
    def test_of_a_puid(self, puid):
        assert [field for field, _code in codes(statement(puid=puid))] == ["puid"]
        assert codes(statement(puid="Az09-_")) == []
        assert codes(statement(puid="x" * 500)) == []
        assert codes(statement(puid="x" * 501)) == [("puid", "too_long")]

    @pytest.mark.parametrize("address", ["terms", "ftp://x.example", "javascript:alert(1)", "https://"])
    def test_of_the_address_of_the_ground(self, address):
        assert codes(statement(decision_ground_reference_url=address)) == [
            ("decision_ground_reference_url", "not_an_address")
        ]

    @pytest.mark.parametrize(
        "odd", ["4006381333931", {"EAN-13": 4006381333931}, {"EAN-13": "400638133393"}, {"EAN-8": "40063813"}, [1]]
    )
    def test_of_a_product_number(self, odd):
        assert codes(statement(content_id=odd)) == [("content_id", "invalid_content_id")]
        assert codes(statement(content_id={"EAN-13": "4006381333931"})) == []

    @pytest.mark.parametrize("language", ["en", "und", "eng", "EN-GB", "XX"])
    def test_of_a_language(self, language):
        assert codes(statement(content_language=language)) == [("content_language", "unknown_code")]

    @pytest.mark.parametrize("country", ["EL", "US", "GB", "CH", "gr"])
    def test_of_a_country(self, country):
        assert codes(statement(territorial_scope=[country])) == [("territorial_scope", "unknown_code")]


class TestCodesOfTheFirstSchema:
    @pytest.mark.parametrize("old", sorted(RENAMED))
    def test_are_answered_with_todays(self, old):
        name = "category" if old.startswith("STATEMENT_") else "category_specification"
        (found,) = problems(statement(**{name: old if name == "category" else [old]}))
        assert found.code == "renamed_code"
        assert old in found.sentence and RENAMED[old] in found.sentence
        assert RENAMED[old].removeprefix("KEYWORD_") in KEYWORDS or name == "category"

    @pytest.mark.parametrize("old", sorted(REMOVED))
    def test_without_a_successor_are_refused_as_such(self, old):
        name = "category" if old.startswith("STATEMENT_") else "category_specification"
        assert codes(statement(**{name: old if name == "category" else [old]})) == [(name, "removed_code")]

    def test_the_category_of_orders_is_refused_as_such(self):
        given = statement(category="STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER")
        assert codes(given) == [("category", "code_of_orders")]


def test_every_sentence_can_be_said():
    said = {one.code for one in problems("x")}
    broken = [
        statement(a=1, puid="ä", content_id=1, decision_ground_reference_url="x", territorial_scope="x"),
        statement(category="STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE", content_type=None, decision_facts=7),
        statement(category="STATEMENT_CATEGORY_NON_CONSENSUAL_BEHAVIOUR", content_date="x", source_identity="x" * 501),
        statement(category="STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", content_date="1999-01-01", source_type="x"),
        statement(decision_visibility=None, decision_monetary_other="x", content_type=["CONTENT_TYPE_OTHER"]),
    ]
    for one in broken:
        for problem in problems(one):
            said.add(problem.code)
            assert problem.sentence.endswith(".") and "%" not in problem.sentence
    assert said == SENTENCES.keys()


@pytest.mark.shared_fixtures
def test_the_official_examples_are_valid(shared):
    single = json.loads((shared / "tdb" / "example_statement.json").read_text())
    many = json.loads((shared / "tdb" / "example_multi_statements.json").read_text())["statements"]
    assert len(many) == 10
    assert [codes(one) for one in [single, *many]] == [[]] * 11
