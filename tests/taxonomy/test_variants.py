from decimal import Decimal

import pytest

from apps.taxonomy import schema_v1, variants
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.languages import Language
from apps.taxonomy.territories import Country


class TestStatements:
    def test_take_sixteen_categories_and_never_that_of_orders(self):
        with pytest.raises(variants.NotInVocabulary):
            variants.statement_category(Category.NOT_SPECIFIED_ORDER)
        accepted = [c for c in Category if c is not Category.NOT_SPECIFIED_ORDER]
        assert [variants.statement_category(category) for category in accepted] == [c.value for c in accepted]

    def test_write_languages_in_capitals_and_greece_as_gr(self):
        assert variants.statement_language(Language.EL) == "EL"
        assert variants.statement_country(Country.GR) == "GR"


class TestReports:
    def test_write_languages_small_and_greece_as_el(self):
        assert variants.report_language(Language.EL) == "el"
        assert variants.report_country(Country.GR) == "EL"
        assert variants.report_country(Country.AT) == "AT"

    def test_know_stalking_as_cyber_stalking(self):
        assert variants.report_keyword(Keyword.STALKING) is Keyword.CYBER_STALKING
        assert variants.report_keyword(Keyword.PHISHING) is Keyword.PHISHING

    def test_take_68_keywords(self):
        words = {keyword for category in Category for keyword in variants.report_keywords(category)}
        assert words == set(Keyword) - {Keyword.STALKING}

    @pytest.mark.parametrize(
        ("seconds", "hours"),
        [(0, "0.00"), (3600, "1.00"), (5400, "1.50"), (18, "0.01"), (17, "0.00"), (53280, "14.80")],
    )
    def test_durations_are_hours_with_two_decimals(self, seconds: int, hours: str):
        assert variants.report_hours(seconds) == Decimal(hours)
        assert str(variants.report_hours(seconds)) == hours

    def test_no_duration_stays_blank(self):
        assert variants.report_hours(None) is None

    def test_shares_lie_between_nought_and_one(self):
        assert str(variants.report_share(86, 100)) == "0.8600"
        assert variants.report_share(3, 3) == 1
        assert variants.report_share(1, 0) is None


class TestReading:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("EN", Language.EN),
            ("de-AT", Language.DE),
            ("pt_BR", Language.PT),
            ("iw", Language.HE),
            ("xx", None),
            ("", None),
        ],
    )
    def test_takes_a_language_as_others_write_it(self, text: str, language: Language | None):
        assert variants.read_language(text) is language

    @pytest.mark.parametrize(
        ("text", "country"),
        [("EL", Country.GR), ("gr", Country.GR), ("UK", Country.GB), (" fr ", Country.FR), ("ZZ", None), ("", None)],
    )
    def test_takes_a_country_as_others_write_it(self, text: str, country: Country | None):
        assert variants.read_country(text) is country

    @pytest.mark.parametrize("country", Country)
    def test_takes_back_what_reports_write(self, country: Country):
        assert variants.read_country(variants.report_country(country)) is country

    @pytest.mark.parametrize("language", Language)
    def test_takes_back_what_statements_write(self, language: Language):
        assert variants.read_language(variants.statement_language(language)) is language


class TestSchemaV1:
    def test_a_renamed_code_is_read_as_todays(self):
        assert (
            schema_v1.read_category("STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS")
            is Category.UNSAFE_AND_PROHIBITED_PRODUCTS
        )
        assert schema_v1.read_keyword("KEYWORD_DISINFORMATION") is Keyword.MISINFORMATION_DISINFORMATION

    @pytest.mark.parametrize("code", sorted(schema_v1.REMOVED_CATEGORIES))
    def test_a_removed_category_has_no_successor(self, code: str):
        assert schema_v1.read_category(code) is None

    @pytest.mark.parametrize("code", sorted(schema_v1.REMOVED_KEYWORDS))
    def test_a_removed_keyword_has_no_successor(self, code: str):
        assert schema_v1.read_keyword(code) is None

    def test_old_codes_are_not_todays(self):
        old = {*schema_v1.RENAMED_CATEGORIES, *schema_v1.REMOVED_CATEGORIES}
        assert old.isdisjoint(Category.values)
        assert {*schema_v1.RENAMED_KEYWORDS, *schema_v1.REMOVED_KEYWORDS}.isdisjoint(Keyword.values)

    @pytest.mark.parametrize("category", Category)
    def test_todays_codes_stay(self, category: Category):
        assert schema_v1.read_category(category.value) is category
