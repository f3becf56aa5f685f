import csv
from pathlib import Path

import pytest
from django.utils.translation import override

from apps.taxonomy import restrictions, statements
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import KEYWORDS, Keyword, permits
from apps.taxonomy.languages import CONTENT_LANGUAGES, OFFICIAL_LANGUAGES, Language
from apps.taxonomy.reporting import reporting_rows
from apps.taxonomy.territories import EEA, MEMBER_STATES, Country
from tests.taxonomy import official


class TestCategoriesAndKeywords:
    def test_are_seventeen_with_their_keywords_in_the_official_order(self):
        ours = {
            category.value.removeprefix("STATEMENT_CATEGORY_"): " ".join(
                keyword.value.removeprefix("KEYWORD_")
                for keyword in KEYWORDS[category]
                if keyword not in {Keyword.OTHER, Keyword.STALKING}
            )
            for category in Category
        }
        assert list(ours.items()) == list(official.KEYWORDS_BY_CATEGORY.items())

    def test_keywords_are_the_69_of_the_transparency_database(self):
        assert len(Keyword) == 69
        assert {keyword for keywords in KEYWORDS.values() for keyword in keywords} == set(Keyword)

    def test_only_the_last_two_categories_have_no_word_for_other(self):
        without = [category.number for category in Category if not permits(category, Keyword.OTHER)]
        assert without == [16, 17]

    def test_a_keyword_belongs_to_its_category_alone(self):
        assert permits(Category.VIOLENCE, Keyword.HUMAN_TRAFFICKING)
        assert not permits(Category.SELF_HARM, Keyword.HUMAN_TRAFFICKING)


class TestReportingRows:
    @pytest.mark.shared_fixtures
    def test_equal_annex_i_part_2(self, shared: Path):
        with (shared / "ir2024_2835" / "part_2_categories_names.csv").open(encoding="utf-8-sig", newline="") as file:
            theirs = [tuple(cell.strip() for cell in row[:3]) for row in csv.reader(file)][1:]
        with override("en"):
            ours = [(row.number, str(row.description), row.code) for row in reporting_rows()]
        assert ours == theirs

    def test_are_a_hundred_lettered_within_their_category(self):
        rows = list(reporting_rows())
        assert len(rows) == 1 + 17 + 67 + 15
        assert [row.number for row in rows[:6]] == [
            "TOTAL",
            "Category 1",
            "Category 1a",
            "Category 1b",
            "Category 1c",
            "Category 2",
        ]

    def test_repeat_other_in_each_of_fifteen_categories(self):
        others = [row.category for row in reporting_rows() if row.code == "KEYWORD_OTHER"]
        assert others == list(Category)[:15]

    def test_know_no_keyword_of_the_database_alone(self):
        assert "KEYWORD_STALKING" not in {row.code for row in reporting_rows()}


class TestCodes:
    @pytest.mark.parametrize("name", official.CODES)
    def test_are_official_and_complete(self, name: str):
        vocabulary = getattr(restrictions, name, None) or getattr(statements, name)
        assert vocabulary.values == official.CODES[name].split()


class TestLanguages:
    def test_are_184_codes_in_lower_case(self):
        assert len(Language) == 184
        assert all(code.isascii() and code.islower() and len(code) == 2 for code in Language.values)

    def test_of_the_union_are_24(self):
        assert len(OFFICIAL_LANGUAGES) == 24
        assert {language.value.upper() for language in OFFICIAL_LANGUAGES} == set(official.OFFICIAL_LANGUAGES.split())

    def test_of_content_may_be_none(self):
        assert frozenset({"ar", "und", "zxx"}) <= CONTENT_LANGUAGES
        assert "xx" not in CONTENT_LANGUAGES

    def test_are_named_in_the_language_of_the_reader_where_django_knows_it(self):
        with override("fr"):
            assert str(Language.DE.label) == "Allemand"


class TestTerritories:
    def test_are_the_249_of_iso_3166(self):
        assert len(Country) == 249
        assert all(code.isascii() and code.isupper() and len(code) == 2 for code in Country.values)

    def test_of_the_union_are_27_with_greece_as_gr(self):
        assert len(MEMBER_STATES) == 27
        assert {country.value for country in MEMBER_STATES} == set(official.MEMBER_STATES.split())

    def test_of_the_economic_area_are_three_more(self):
        assert set(EEA) - set(MEMBER_STATES) == {Country.IS, Country.LI, Country.NO}
        assert len(EEA) == 30
