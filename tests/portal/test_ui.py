import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from lucide import IconDoesNotExist

from apps.accounts.roles import Role
from apps.delivery.models import DeliveryState
from apps.organisations.permissions import Permission
from apps.portal.presenters import navigation
from apps.portal.presenters.clock import ShownClock, describe_due, describe_still, span_in_words
from apps.portal.presenters.status import DELIVERY, MARKS, WORDS, Kind, mark_of
from apps.portal.templatetags.icons import icon
from apps.referrals.intake.addresses import defang
from tests.factories.organisations import ReferralUnitFactory
from tests.factories.people import member

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def fail(request):
    raise ZeroDivisionError


class urlconf:  # noqa: N801  stands where a module stands
    handler400 = "apps.portal.views.errors.bad_request"
    handler500 = "apps.portal.views.errors.server_error"
    urlpatterns = [path("fail/", fail)]


def render(source: str, **context: object) -> str:
    return Template("{% load ui tables figures %}" + source).render(Context(context))


def page(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/list/{query}")


class Reader:
    def __init__(self, *permissions: Permission):
        self.permissions = permissions

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class TestMarks:
    @pytest.mark.parametrize("kind", list(WORDS))
    def test_cover_every_value_of_their_vocabulary(self, kind):
        assert set(MARKS[kind]) == {str(value) for value in WORDS[kind].values}

    def test_cover_every_state_of_a_delivery(self):
        assert set(DELIVERY) == set(DeliveryState.values)

    @pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind in Kind for value in MARKS[kind]])
    def test_have_a_word_and_an_icon_that_exists(self, kind, value):
        mark = mark_of(kind, value)
        assert str(mark.label) and "<svg" in icon(mark.icon)

    def test_show_icon_and_word(self):
        shown = render('{% pill "referral" "info_requested" %}')
        assert "pill wait" in shown and "<svg" in shown and "Information requested" in shown


class TestIcons:
    def test_fail_loudly_in_tests_when_nobody_drew_them(self):
        with pytest.raises(IconDoesNotExist):
            icon("no-such-icon")

    @override_settings(ENVIRONMENT="production", DEBUG=False)
    def test_do_not_take_a_page_down_in_production(self):
        assert icon("no-such-icon") == ""


class TestDue:
    @pytest.mark.parametrize(
        ("hours", "tone", "words"),
        [
            (-72, "late", "overdue by 3 days"),
            (-3, "late", "overdue by 3 h"),
            (0.5, "soon", "due in 30 min"),
            (5, "soon", "due in 5 h"),
            (30, "ok", "due in 30 h"),
            (150, "ok", "due in 6 days"),
        ],
    )
    def test_says_how_long(self, hours, tone, words):
        due = describe_due(NOW + timedelta(hours=hours), now=NOW)
        assert (due.tone, due.words) == (tone, words)

    def test_says_that_it_was_met_in_time_or_late(self):
        for early, words in [
            (timedelta(hours=2), "answered 2 h early"),
            (timedelta(0), "answered at the due time"),
            (timedelta(seconds=-1), "answered 1 s late"),
            (timedelta(minutes=-5), "answered 5 min late"),
        ]:
            due = describe_due(NOW, now=NOW, met_at=NOW - early)
            assert (due.words, due.tone) == (words, "met" if early >= timedelta(0) else "missed")

    def test_says_since_when_the_clock_stands_still(self):
        assert describe_still(NOW).words == "still since 23 Nov, 14:00"

    def test_is_never_told_by_colour_alone(self):
        for clock in (
            ShownClock(due_at=NOW),
            ShownClock(due_at=NOW, met_at=NOW + timedelta(hours=1)),
            ShownClock(is_paused=True, paused_since=NOW),
            ShownClock(is_paused=True),
        ):
            shown = render("{% clock shown now=now %}", shown=clock, now=NOW + timedelta(hours=1))
            assert "<svg" in shown and re.sub("<[^>]+>", "", shown).strip()

    def test_names_the_law(self):
        law = ShownClock(due_at=NOW, is_statutory=True)
        assert "(law)" in render("{% clock shown now=now %}", shown=law, now=NOW)

    def test_names_the_moment_with_its_zone(self):
        shown = render("{% due at now=now %}", at=NOW, now=NOW)
        assert 'datetime="2026-11-23T14:00:00+00:00"' in shown and "23 Nov 2026, 14:00 UTC" in shown

    def test_never_says_no_time_at_all(self):
        assert span_in_words(timedelta(seconds=20)) == "1 min"


class TestAddress:
    def test_is_defanged_and_no_link(self):
        shown = render("{% address url %}", url="https://a.b.example/x?y=1.2")
        assert "hxxps://a[.]b[.]example/x?y=1.2" in shown and "<a " not in shown

    def test_defangs_an_address_without_scheme(self):
        assert defang("a.example/x") == "a[.]example/x"

    def test_escapes(self):
        assert "<script>" not in render("{% address url %}", url='https://a.example/"><script>')


class TestSortHeader:
    @pytest.mark.parametrize(
        ("query", "direction", "target"),
        [
            ("", None, "?sort=due_at"),
            ("?sort=due_at", "ascending", "?sort=-due_at"),
            ("?sort=-due_at", "descending", "?sort=due_at"),
        ],
    )
    def test_turns_the_order_round(self, query, direction, target):
        shown = render('{% sort_header "due_at" "Due" %}', request=page(query))
        assert f'href="{target}"' in shown
        assert ("aria-sort" in shown) is bool(direction) and (direction or "") in shown

    def test_keeps_filters_and_starts_paging_again(self):
        shown = render('{% sort_header "due_at" "Due" %}', request=page("?state=sent&cursor=abc"))
        assert "?state=sent&amp;sort=due_at" in shown


class TestPager:
    def test_links_only_where_there_is_a_page(self):
        shown = render('{% pager previous=None next="xyz" %}', request=page("?state=sent&cursor=abc"))
        assert 'href="?state=sent&amp;cursor=xyz"' in shown and shown.count("<a ") == 1


class TestChips:
    class Form(forms.Form):
        q = forms.CharField(label="Search", required=False)
        state = forms.MultipleChoiceField(label="State", required=False, choices=[("sent", "Sent"), ("draft", "Draft")])

    def test_say_what_is_filtered_and_how_to_undo_it(self):
        request = page("?state=sent&state=draft&q=x")
        shown = render("{% filter_chips form %}", request=request, form=self.Form(request.GET))
        assert "State: Draft" in shown and 'href="?state=sent&amp;q=x"' in shown and "Search: x" in shown

    def test_are_absent_without_filters(self):
        assert render("{% filter_chips form %}", request=page(), form=self.Form()).strip() == ""


class TestFields:
    class Form(forms.Form):
        reason = forms.CharField(label="Reason", help_text="One sentence.")
        outcome = forms.ChoiceField(label="Outcome", widget=forms.RadioSelect, choices=[("a", "A")])

    def test_point_to_their_help_and_their_error(self):
        form = self.Form({})
        shown = form["reason"].as_field_group()
        assert 'aria-describedby="id_reason_helptext id_reason_error"' in shown and 'aria-invalid="true"' in shown
        assert 'id="id_reason_helptext"' in shown and 'id="id_reason_error"' in shown

    def test_are_linked_from_the_summary(self):
        shown = render("{% error_summary form %}", form=self.Form({}))
        assert 'href="#id_reason"' in shown and 'href="#id_outcome_0"' in shown and 'role="alert"' in shown

    def test_have_no_summary_while_all_is_well(self):
        assert render("{% error_summary form %}", form=self.Form()).strip() == ""


class TestSlots:
    def test_escape_what_they_frame(self):
        shown = render('{% notice tone="bad" title=title %}{{ body }}{% endnotice %}', title="<b>", body="<i>")
        assert "&lt;b&gt;" in shown and "&lt;i&gt;" in shown


class TestNavigation:
    @pytest.fixture(autouse=True)
    def places(self, monkeypatch):
        monkeypatch.setattr(navigation, "_url", {"portal:desk": "/", "portal:inbox": "/referrals/"}.get)

    def sections(self, reader, path="/"):
        return navigation.sections_for(reader, path=path)

    def test_shows_only_what_a_person_may_see_and_what_is_built(self):
        assert [item.url for item in self.sections(Reader())[0].items] == ["/"]
        assert [item.url for item in self.sections(Reader(*Permission))[0].items] == ["/", "/referrals/"]

    def test_knows_that_a_referral_lies_under_the_referrals(self):
        items = self.sections(Reader(*Permission), path="/referrals/R-7KQ4-93DM-X/")[0].items
        assert [item.current for item in items] == [False, True]

    def test_is_empty_for_nobody(self):
        assert self.sections(None) == []


class TestAppearance:
    def test_remembers_the_choice_and_returns(self, client):
        response = client.post("/appearance/", {"theme": "dark", "next": "/styleguide/"})
        assert response.cookies["theme"].value == "dark" and response.url == "/styleguide/"

    def test_forgets_it_again(self, client):
        client.cookies["theme"] = "dark"
        assert client.post("/appearance/", {"theme": ""}).cookies["theme"]["max-age"] == 0

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_never_leads_away_from_the_site(self, client, target):
        assert client.post("/appearance/", {"theme": "dark", "next": target}).url == "/"

    def test_ignores_what_it_does_not_know(self, client):
        assert "theme" not in client.post("/appearance/", {"theme": "pink"}).cookies


class TestLanguage:
    def test_changes_the_page_for_this_browser(self, client):
        client.post("/language/", {"language": "fr"})
        assert 'lang="fr"' in client.get("/styleguide/").content.decode()

    def test_follows_the_person_to_other_browsers(self, client):
        officer = member(ReferralUnitFactory.create(), Role.OFFICER)
        client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[0])
        client.post("/language/", {"language": "fr"})
        officer.refresh_from_db()
        assert officer.language == "fr"

    def test_ignores_a_language_that_is_not_offered(self, client):
        assert client.post("/language/", {"language": "xx"}).cookies == {}


class TestComponentPage:
    def test_shows_every_component_in_the_chosen_colours(self, client):
        client.cookies["theme"] = "dark"
        shown = client.get("/styleguide/").content.decode()
        assert 'data-theme="dark"' in shown and 'lang="en"' in shown

    @override_settings(ENVIRONMENT="production", DEBUG=False)
    def test_is_not_part_of_the_product(self, client):
        assert client.get("/styleguide/").status_code == 404

    def test_carries_neither_inline_script_nor_inline_style(self, client):
        shown = client.get("/styleguide/").content.decode()
        assert " style=" not in shown and "<style" not in shown and " onclick=" not in shown
        assert shown.count("<script") == shown.count("<script src=")


class TestErrorPages:
    @pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
    def test_stand_without_any_context(self, name):
        shown = render_to_string(f"{name}.html")
        assert re.search(r"<h1>[^<]{10,}</h1>", shown) and 'href="/"' in shown

    @override_settings(ROOT_URLCONF=urlconf)
    def test_name_the_request(self):
        response = Client(raise_request_exception=False).get("/fail/")
        assert response.status_code == 500 and response["X-Request-Id"] in response.content.decode()


class TestTemplates:
    def test_stay_small(self):
        walls = {"ui": 30}
        too_long = [
            file.name
            for file in TEMPLATES.rglob("*.html")
            if len(file.read_text().splitlines()) > walls.get(file.parent.name, 80)
        ]
        assert too_long == []
