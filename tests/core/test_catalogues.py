"""Whoever changes a text runs `make messages` and translates it; these tests are how the portal notices."""

import gettext
import string
from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone, translation

from apps.core import catalogues
from apps.core.moments import in_words
from apps.core.pseudo import accented
from apps.taxonomy.languages import OFFICIAL_LANGUAGES
from referral_portal.languages import with_catalogues

LANGUAGES = catalogues.languages()


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return catalogues.collect()


def catalogue_of(**texts: str) -> Catalog:
    catalogue = Catalog(locale="fr")
    for original, translated in texts.items():
        catalogue.add(original, translated)
    return catalogue


def compiled(catalogue: Catalog, folder) -> gettext.GNUTranslations:
    catalogues.compile_to(catalogue, folder / "django.mo")
    with (folder / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_french_ships():
    assert "fr" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryCatalogue:
    def test_is_complete(self, language):
        assert catalogues.faults(catalogues.read(catalogues.po_of(language), language=language)) == []

    def test_is_what_collecting_writes(self, language, collected):
        path = catalogues.po_of(language)
        renewed = catalogues.merged(collected, catalogues.read(path, language=language), language=language)
        assert catalogues.as_po(renewed, language=language) == path.read_text(), "Run `make messages`, then translate."

    def test_has_plurals_that_gettext_chooses(self, language, tmp_path):
        catalogue = catalogues.read(catalogues.po_of(language), language=language)
        words = compiled(catalogue, tmp_path)
        message = next(message for message in catalogues.messages(catalogue) if message.pluralizable)
        one, several = message.id
        assert words.ngettext(one, several, 1) == message.string[0]
        assert words.ngettext(one, several, 2) == message.string[1]


class TestCollecting:
    def test_finds_texts_of_code_and_of_templates(self, collected):
        assert "apps/taxonomy/categories.py" in dict(collected["Animal welfare"].locations)
        assert "templates/base.html" in dict(collected["Skip to the content"].locations)

    def test_finds_texts_inside_other_texts_and_notes_about_them(self, tmp_path, monkeypatch):
        (tmp_path / "apps").mkdir()
        source = """\
# Translators: on a button
x = gettext("Send")
y = f"{pgettext('act', 'Open')}!" + ngettext("1", "2", n)
"""
        (tmp_path / "apps" / "x.py").write_text(source)
        monkeypatch.setattr(catalogues, "ROOT", tmp_path)
        found = catalogues.collect()
        assert found["Send"].auto_comments == ["on a button"]
        assert found.get("Open", "act") and found["1"].id == ("1", "2")

    def test_keeps_translations_and_drops_what_is_gone(self):
        known, now = catalogue_of(Send="Envoyer", Gone="Disparu"), catalogue_of(Send="", Receive="")
        merged = catalogues.merged(now, known, language="fr")
        assert {message.id: message.string for message in catalogues.messages(merged)} == {
            "Send": "Envoyer",
            "Receive": None,
        }

    def test_changes_nothing_the_second_time(self, collected, tmp_path):
        path = tmp_path / "django.po"
        path.write_text(catalogues.as_po(collected, language="fr"))
        merged = catalogues.merged(collected, catalogues.read(path, language="fr"), language="fr")
        assert catalogues.as_po(merged, language="fr") == path.read_text()


class TestFaults:
    @pytest.mark.parametrize(
        ("translated", "fault"),
        [
            ("", "not translated"),
            ("%(nombre)s lignes", "other placeholders"),
            ("des lignes", "other placeholders"),
        ],
    )
    def test_are_found(self, translated, fault):
        (found,) = catalogues.faults(catalogue_of(**{"%(count)s rows": translated}))
        assert found.startswith(fault)

    def test_include_doubtful_translations(self):
        catalogue = Catalog(locale="fr")
        catalogue.add("Send", "Envoyer", flags=["fuzzy"])
        assert catalogues.faults(catalogue) == ["doubtful: 'Send'"]

    def test_are_none_where_everything_is_said(self):
        assert catalogues.faults(catalogue_of(**{"%(count)s rows": "%(count)s lignes"})) == []


class TestPseudoLanguage:
    def test_leaves_placeholders_and_markup_as_they_are(self):
        said = accented('%(count)s rows of <a href="{address}">{name}</a>, 5 %% more')
        assert "%(count)s" in said and '<a href="{address}">{name}</a>' in said and "%%" in said

    def test_says_nothing_in_plain_letters_and_takes_more_room(self):
        said = accented(string.ascii_letters)
        assert not set(said) & set(string.ascii_letters)
        assert len(said) >= 1.3 * len(string.ascii_letters)


class TestAnotherLanguage:
    """What docs/languages.md promises: a catalogue, and no line of code."""

    @pytest.mark.parametrize("language", [language.value for language in OFFICIAL_LANGUAGES if language != "en"])
    def test_is_offered_and_spoken_once_it_has_a_catalogue(self, language, tmp_path, settings):
        catalogue = Catalog(locale=language)
        catalogue.add("Skip to the content", "⟦skip⟧")
        path = catalogues.po_of(language, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_text(catalogues.as_po(catalogue, language=language))
        catalogues.compile_to(catalogue, path.with_suffix(".mo"))
        settings.LANGUAGES, settings.LOCALE_PATHS = with_catalogues(tmp_path), [tmp_path]
        assert language in dict(settings.LANGUAGES)
        with translation.override(translation.get_supported_language_variant(language)):
            assert translation.gettext("Skip to the content") == "⟦skip⟧"
            assert translation.get_language_info(language)["name_local"]

    def test_starts_with_one_command(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
        monkeypatch.setattr(catalogues, "po_of", lambda language: tmp_path / language / "LC_MESSAGES" / "django.po")
        call_command("collect_messages", "pl")
        assert "Skip to the content" in (tmp_path / "pl" / "LC_MESSAGES" / "django.po").read_text()
        assert "nplurals=3" in (tmp_path / "pl" / "LC_MESSAGES" / "django.po").read_text()


def test_compiling_elsewhere_leaves_the_tree_alone(tmp_path):
    call_command("compile_catalogues", to=tmp_path)
    assert (tmp_path / "fr" / "LC_MESSAGES" / "django.mo").is_file()


def test_languages_are_named_in_themselves():
    assert dict(settings.LANGUAGES)["fr"] == "français"


class TestFrench:
    @pytest.fixture(autouse=True)
    def french(self, tmp_path, settings):
        call_command("compile_catalogues", to=tmp_path)
        settings.LOCALE_PATHS = [tmp_path]
        with translation.override("fr"):
            yield

    def test_writes_dates_with_their_zone(self):
        with timezone.override("Europe/Paris"):
            assert in_words(datetime(2026, 3, 2, 9, tzinfo=UTC)) == "2 mars 2026 à 10:00 CET"

    def test_writes_numbers_as_the_french_do(self):
        assert (
            Template("{{ count }} | {{ share }}").render(Context({"count": 1400, "share": 86.5})) == "1\xa0400 | 86,5"
        )

    def test_counts_nothing_in_the_singular(self):
        assert translation.ngettext("%(count)d address", "%(count)d addresses", 0) % {"count": 0} == "0 adresse"

    def test_is_what_a_page_declares_and_says(self, client):
        page = client.get(reverse("account_login"), headers={"accept-language": "fr"}).content.decode()
        assert '<html lang="fr"' in page and "Mot de passe oublié" in page
