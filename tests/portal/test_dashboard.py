import csv
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.roles import Role
from apps.organisations.models import Kind
from apps.referrals.models import Item
from apps.referrals.transitions import State
from apps.statistics import services
from apps.taxonomy.outcomes import Outcome
from tests.factories import (
    CommissionFactory,
    OrganisationFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    member,
)
from tests.factories.referrals import MONDAY

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
URL = "/monitoring/"


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Bureau", country="NL")


@pytest.fixture
def platform():
    return PlatformFactory(name="Clipnest")


@pytest.fixture
def analyst():
    return member(CommissionFactory(), Role.ANALYST)


def page(client, user, query=""):
    client.force_login(user)
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return response


def tile(response, label):
    return next(one for one in response.context["page"].tiles if str(one.label) == label)


def lines(client, user, query=""):
    client.force_login(user)
    response = client.get(reverse("portal:dashboard-export") + query)
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


class TestDashboard:
    def test_before_the_first_count_it_says_what_will_come(self, client, analyst):
        response = page(client, analyst)

        assert "No figures have been counted yet" in response.text
        assert reverse("portal:dashboard-export") not in response.text

    def test_shows_each_key_figure_with_what_it_was_made_of(self, client, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state=State.ANSWERED, items=3)
        answered = ReferralFactory(sender=unit, recipient=platform, state=State.ANSWERED, items=1)
        Item.objects.filter(referral=answered).update(outcome=Outcome.NO_ACTION)
        ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED, items=4)
        ReferralFactory(sender=unit, recipient=platform, state=State.DRAFT, items=2)
        services.compile_figures(at=NOON)

        response = page(client, member(unit, Role.OFFICER))

        shown = {label: (tile(response, label).value, tile(response, label).definition) for label in LABELS}
        assert shown == {
            "Referrals": ("4", "1 of them not sent"),
            "Items": ("10", "8 delivered"),
            "Response rate": ("50", "4 of 8 items"),
            "Removed, of decided items": ("75", "3 of 4 decided items"),
            "Median time to decision": ("3", "4 decided items, 90 % within 3 h"),
            "Decided within 24 hours": ("50", "4 of 8 items"),
            "Delivered with proof of receipt": ("100", "8 of 8 items"),
            "Open past the due time": ("4", "of 4 open items"),
        }

    def test_says_as_of_when_with_its_zone(self, client, analyst):
        services.compile_figures(at=NOON)

        assert "20 Mar 2026, 13:00 CET" in page(client, analyst).text

    def test_a_share_of_nothing_is_a_dash(self, client, analyst):
        services.compile_figures(at=NOON)

        rate = tile(page(client, analyst), "Response rate")

        assert (rate.value, rate.unit, rate.definition) == ("–", "", "nothing to measure yet")

    def test_compares_with_as_many_months_before(self, client, unit):
        earlier = MONDAY - timedelta(days=90)
        for filed_at, counts in ((earlier, (3, 1)), (MONDAY, (2, 4))):
            decided, still_open = counts
            times = {"filed_at": filed_at, "received_at": filed_at}
            ReferralFactory(sender=unit, state=State.ANSWERED, items=decided * 2, **times)
            ReferralFactory(sender=unit, state=State.RECEIVED, items=still_open * 2, **times)
        services.compile_figures(at=NOON)

        response = page(client, member(unit, Role.OFFICER), "?period=3")

        items, rate = tile(response, "Items").change, tile(response, "Response rate").change
        assert (items.text, items.direction, items.is_good) == ("50 %", "up", None)
        assert (rate.text, rate.direction, rate.is_good) == ("41.7 points", "down", False)

    def test_does_not_compare_with_next_to_nothing(self, client, unit):
        ReferralFactory(sender=unit, state=State.SENT, items=4, filed_at=MONDAY - timedelta(days=90))
        ReferralFactory(sender=unit, state=State.SENT, items=8)
        services.compile_figures(at=NOON)

        assert tile(page(client, member(unit, Role.OFFICER), "?period=3"), "Items").change is None

    def test_the_months_in_the_chart_are_those_asked_for(self, client, unit):
        services.compile_figures(at=NOON)
        officer = member(unit, Role.OFFICER)

        def months(query):
            return [row[0] for row in page(client, officer, query).context["page"].columns.table.rows]

        assert months("?period=3") == ["Jan 26", "Feb 26", "Mar 26"]
        assert months("?period=year") == ["Jan 26", "Feb 26", "Mar 26"]
        assert months("?period=custom&first=2025-11&last=2025-12") == ["Nov 25", "Dec 25"]
        assert len(months("")) == 12

    @pytest.mark.parametrize(
        "query",
        [
            "?period=custom",
            "?period=custom&first=2026-03&last=2026-01",
            "?period=custom&first=1026-03&last=2026-01",
            "?period=custom&first=0000-00&last=x",
            "?period=forever",
            "?by=sender",
            "?by=%00&period=%00",
        ],
    )
    def test_a_question_that_makes_no_sense_is_answered_with_the_last_year(self, client, unit, query):
        services.compile_figures(at=NOON)

        response = page(client, member(unit, Role.OFFICER), query)

        assert "here are the last twelve" in response.text
        assert len(response.context["page"].columns.table.rows) == 12

    def test_the_commission_sees_a_map_and_nobody_s_case(self, client, analyst, unit, platform):
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.SENT, items=7, reasons="A secret.")
        services.compile_figures(at=NOON)

        response = page(client, analyst)

        assert ("Netherlands", "7") in response.context["page"].map.table.rows
        assert "Clipnest" in response.text
        for secret in (referral.reference, referral.case.reference, referral.case.title, referral.reasons):
            assert secret not in response.text

    def test_a_platform_sees_who_sent_to_it_and_no_other_platform(self, client, unit, platform):
        other = PlatformFactory(name="Paperboard")
        for recipient in (platform, other):
            ReferralFactory(sender=unit, recipient=recipient, state=State.SENT, items=6)
        services.compile_figures(at=NOON)

        response = page(client, member(platform, Role.CONTACT_POINT))

        table = response.context["page"].partners
        assert (table.title, [row.name for row in table.rows]) == ("Senders", ["Bureau"])
        assert tile(response, "Items").value == "6"
        assert "Paperboard" not in response.text

    def test_hides_rows_that_would_point_at_an_investigation(self, client, analyst, platform):
        quiet = PlatformFactory(name="Quiet Corner")
        middling = PlatformFactory(name="Middling")
        for recipient, items in ((platform, 40), (middling, 7), (quiet, 2)):
            ReferralFactory(recipient=recipient, state=State.ANSWERED, area="terrorism", items=items)
        services.compile_figures(at=NOON)

        response = page(client, analyst, "?by=platform")

        shown = response.context["page"]
        assert [(row.name, bool(row.cells)) for row in shown.partners.rows] == [
            ("Clipnest", True),
            ("Middling", False),
            ("Quiet Corner", False),
        ]
        for figure in (shown.bars, shown.spread):
            assert [row[0] for row in figure.table.rows] == ["Clipnest"]
        assert "2 rows are not shown" in response.text

    def test_lists_the_largest_partners_and_all_of_them_on_demand(self, client, unit):
        for _ in range(12):
            ReferralFactory(sender=unit, state=State.SENT)
        services.compile_figures(at=NOON)
        officer = member(unit, Role.OFFICER)

        assert len(page(client, officer).context["page"].partners.rows) == 10
        assert len(page(client, officer, "?rows=all").context["page"].partners.rows) == 12

    def test_what_has_no_bar_of_its_own_is_in_the_table(self, client, unit):
        for platform in PlatformFactory.create_batch(9):
            ReferralFactory(sender=unit, recipient=platform, state=State.SENT)
        services.compile_figures(at=NOON)

        bars = page(client, member(unit, Role.OFFICER), "?by=platform").context["page"].bars

        assert "Others" in bars.drawing
        assert len(bars.table.rows) == 9

    def test_names_numerator_denominator_and_what_was_left_out(self, client, unit):
        ReferralFactory(sender=unit, state=State.SENT, items=3)
        services.compile_figures(at=NOON)

        response = page(client, member(unit, Role.OFFICER))

        rate = next(line for line in response.context["page"].indicators if line.id == "I5")
        assert (rate.value, rate.numerator, rate.denominator) == ("–", "0", "0")
        assert rate.exclusions == ("3 sent, receipt not proven yet",)
        assert rate.exclusions[0] in response.text

    @pytest.mark.parametrize("referrals", [1, 9])
    def test_asks_the_database_the_same_few_questions_whatever_there_is(self, client, analyst, referrals):
        for _ in range(referrals):
            ReferralFactory(state=State.ANSWERED, items=6)
        services.compile_figures(at=NOON)
        page(client, analyst)

        with CaptureQueriesContext(connection) as asked:
            client.get(f"{URL}?by=sender")

        tables = [re.search(r'FROM "(\w+)"', query["sql"] or "") for query in asked]
        figures = [found[1] for found in tables if found and found[1].startswith(("statistics", "organisations"))]
        assert Counter(figures) == {
            "statistics_compilation": 2,  # the period's, and the same one again for the period before
            "statistics_cell": 3,  # counts and durations of the period, durations of the one before
            "organisations_organisation": 3,  # names: in the bars, beside the times, in the table
        }


class TestWhoMaySeeIt:
    def test_those_without_figures_learn_that_there_are_none(self, client):
        auditor = member(OrganisationFactory(kind=Kind.AUDITOR), Role.AUDITOR)

        assert "There are no figures for your role" in page(client, auditor).text
        assert client.get(reverse("portal:dashboard-export")).status_code == 403

    def test_nobody_in_particular_is_asked_to_sign_in(self, client):
        assert client.get(URL).status_code == 302
        assert client.get(reverse("portal:dashboard-export")).status_code == 302


class TestExport:
    def test_every_line_can_be_quoted(self, client, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state=State.ANSWERED, items=3)
        ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED, items=1)
        services.compile_figures(at=NOON)

        rate = next(line for line in lines(client, member(unit, Role.OFFICER)) if line["indicator"] == "I5")

        assert rate == {
            "indicator": "I5",
            "name": "Response rate",
            "from": "2025-04",
            "to": "2026-03",
            "by": "",
            "key": "",
            "label": "",
            "part": "",
            "value": "0.75",
            "unit": "share",
            "numerator": "3",
            "denominator": "4",
            "exclusions": "unsent=0; undelivered=0; withdrawn=0",
            "suppressed": "false",
            "as_of": "2026-03-20T12:00:00+00:00",
            "definition_version": "1",
        }

    def test_has_the_totals_the_months_the_partners_and_the_breakdown(self, client, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state=State.SENT)
        services.compile_figures(at=NOON)

        items = [line for line in lines(client, member(unit, Role.OFFICER), "?by=urgency") if line["indicator"] == "I2"]

        assert {line["by"] for line in items} == {"", "month", "platform", "urgency"}
        assert [line["label"] for line in items if line["by"] == "platform"] == ["Clipnest"]
        assert len([line for line in items if line["by"] == "month"]) == 12

    def test_what_is_kept_back_is_kept_back_here_too(self, client, analyst, platform):
        for recipient, items in ((platform, 2), (PlatformFactory(), 3)):
            ReferralFactory(recipient=recipient, state=State.ANSWERED, area="csam", items=items)
        services.compile_figures(at=NOON)

        hidden = [line for line in lines(client, analyst) if line["key"] == platform.slug]

        assert hidden
        assert {(line["value"], line["numerator"], line["suppressed"]) for line in hidden} == {("", "", "true")}

    def test_a_name_is_no_formula(self, client, analyst):
        ReferralFactory(recipient=PlatformFactory(name="=1+1"), state=State.SENT, area="other", keywords=[])
        services.compile_figures(at=NOON)

        assert "'=1+1" in {line["label"] for line in lines(client, analyst)}


LABELS = (
    "Referrals",
    "Items",
    "Response rate",
    "Removed, of decided items",
    "Median time to decision",
    "Decided within 24 hours",
    "Delivered with proof of receipt",
    "Open past the due time",
)
