import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.deadlines import services
from apps.deadlines.ladder import OWN
from apps.deadlines.policies import Line, newest_of
from apps.referrals.models import Policy
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import (
    CommissionFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    member,
    principal_for,
)
from tests.factories.referrals import MONDAY

DAY = Line(urgency="day", amount=12, unit="hours")
WEEK = Line(instrument="referral", area="terrorism", size_class="vlop", amount=5, unit="working_days")
EDIT = "/policies/edit/"


@pytest.fixture
def unit():
    return ReferralUnitFactory(slug="unit")


@pytest.fixture
def platform():
    return PlatformFactory(slug="video")


@pytest.fixture
def author(unit):
    return principal_for(unit, Role.ADMINISTRATOR, member(unit, Role.ADMINISTRATOR, name="Ada Author"))


@pytest.fixture
def client(client, author):
    client.force_login(member_of(author))
    return client


def member_of(principal):
    return User.objects.get(pk=principal.user_id)


def save(by, *lines, based_on=0, note=""):
    with acting_as(by):
        services.save_policy(lines, ladder={}, note=note, based_on=based_on, by=by, at=MONDAY)


def form(*lines, do="preview", based_on=0, seen="", note="", ladder=None):
    """What the editor's page sends."""
    data = {"do": do, "based_on": based_on, "seen": seen, "note": note}
    data |= {f"ladder-{rung}": percent for rung, percent in (OWN | (ladder or {})).items()}
    data |= {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": len(lines)}
    for place, line in enumerate(lines):
        for name in ("instrument", "area", "urgency", "size_class", "amount", "unit"):
            data[f"lines-{place}-{name}"] = line[name] if isinstance(line, dict) else getattr(line, name)
    return data


def text(response):
    return " ".join(response.content.decode().split())


def saving(client, *lines, **facts):
    """Preview, then save what was previewed."""
    shown = client.post(EDIT, form(*lines, **facts)).context["editor"]
    return client.post(EDIT, form(*lines, do="save", seen=shown.fingerprint, **facts))


class TestThePage:
    def test_says_what_counts_and_what_changed_when(self, client, author):
        save(author, DAY, note="First.")
        save(author, WEEK, based_on=1, note="Second.")

        body = text(client.get("/policies/"))

        assert "5 working days" in body and "Version 2, since" in body
        assert "Second." in body and "First." in body and "Ada Author" in body
        assert "Every instrument, urgency “Within a day”: 12 hours" in body

    def test_without_a_policy_names_the_portals_own(self, client):
        body = text(client.get("/policies/"))

        assert "portal's targets count for every referral." in body
        assert "168 hours" in body

    def test_speaks_of_promises_to_a_platform(self, client, platform):
        client.force_login(member(platform, Role.CONTACT_POINT))

        body = text(client.get("/policies/"))

        assert "What you promise" in body and "Change the rules" not in body

    def test_is_for_those_who_have_clocks(self, client):
        client.force_login(member(CommissionFactory(), Role.ANALYST))

        assert client.get("/policies/").status_code == 404

    def test_asks_as_many_queries_for_many_versions(self, client, author, django_assert_num_queries):
        save(author, DAY)
        client.get("/policies/")
        with CaptureQueriesContext(connection) as few:
            client.get("/policies/")
        for number in range(1, 6):
            save(author, Line(amount=number, unit="hours"), DAY, based_on=number)

        with django_assert_num_queries(len(few)):
            client.get("/policies/")


class TestACounterpartsPage:
    def test_shows_a_sender_the_promises_of_a_platform(self, client, platform):
        save(principal_for(platform, Role.ADMINISTRATOR), DAY)

        assert "12 hours" in text(client.get("/policies/video/"))
        assert "12 hours" in text(client.get("/platforms/video/"))

    def test_shows_a_platform_the_targets_of_who_has_sent_to_it(self, client, unit, author, platform):
        save(author, WEEK, note="Agreed.")
        referral = ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED)
        client.force_login(member(platform, Role.CONTACT_POINT))

        body = text(client.get("/policies/unit/"))

        assert "5 working days" in body and "Agreed." in body
        assert "Ada Author" not in body
        assert reverse("portal:policy", args=["unit"]) in text(client.get(f"/referrals/{referral.reference}/"))

    @pytest.mark.parametrize("state", [None, State.DRAFT])
    def test_is_not_there_for_a_platform_that_knows_nothing_of_the_sender(self, client, unit, author, platform, state):
        save(author, WEEK)
        if state:
            ReferralFactory(sender=unit, recipient=platform, state=state)
        client.force_login(member(platform, Role.ADMINISTRATOR))

        assert client.get("/policies/unit/").status_code == 404

    def test_of_another_sender_is_not_there(self, client):
        ReferralUnitFactory(slug="other")

        assert client.get("/policies/other/").status_code == 404


class TestTheEditor:
    def test_is_for_administrators(self, client, unit):
        client.force_login(member(unit, Role.OFFICER))

        assert client.get(EDIT).status_code == 403
        assert client.post(EDIT, form(DAY)).status_code == 403

    def test_begins_with_the_lines_that_count(self, client, author):
        save(author, DAY, WEEK)

        editor = client.get(EDIT).context["editor"]

        assert [one["amount"].value() for one in editor.lines] == [12, 5]

    def test_adds_a_line_and_keeps_what_was_entered(self, client):
        shown = client.post(EDIT, form({**vars_of(DAY), "amount": "x"}, do="add", note="Because."))

        assert shown.status_code == 200
        assert [one["amount"].value() for one in shown.context["editor"].lines] == ["x", None]
        assert "Because." in text(shown)

    def test_takes_out_the_line_that_was_meant(self, client):
        shown = client.post(EDIT, form(DAY, WEEK, do="remove-0"))

        assert [one["amount"].value() for one in shown.context["editor"].lines] == ["5"]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"amount": ""}, "Line 2, Within: This field is required."),
            ({"amount": "9000"}, "Line 2, Within: At most 8760 of this unit."),
            ({"amount": "101", "unit": "working_days"}, "Line 2, Within: At most 100 of this unit."),
            ({"unit": "months"}, "Line 2, Unit: Select a valid choice."),
            ({"urgency": "day"}, "Line 2, Urgency: Line 1 is about the same referrals."),
        ],
    )
    def test_says_what_is_wrong_at_its_field(self, client, wrong, said):
        line = {**vars_of(DAY), "urgency": "hour", **wrong}

        shown = client.post(EDIT, form(DAY, line))

        assert shown.status_code == 422 and said in text(shown)
        assert not Policy.objects.exists()

    def test_previews_without_saving(self, client, unit, platform):
        ReferralFactory(sender=unit, recipient=platform, state=State.RECEIVED)

        shown = client.post(EDIT, form(DAY))

        body = text(shown)
        assert "1 of your 1 open referrals would be due at another time under these rules." in body
        assert "12 h earlier" in body and "Save as version 1" in body
        assert not Policy.objects.exists()

    def test_saves_what_was_previewed(self, client, unit):
        answer = saving(client, DAY, WEEK, note="Because.")

        assert answer.status_code == 302 and answer.url == "/policies/"
        newest = newest_of(unit.pk)
        assert (list(newest.lines), newest.note) == ([DAY, WEEK], "Because.")

    def test_moves_a_step_of_the_ladder_and_switches_one_off(self, client, unit):
        saving(client, DAY, ladder={"late": 130, "commission": 0})

        assert newest_of(unit.pk).ladder == OWN | {"late": 130, "commission": 0}
        body = text(client.get("/policies/"))
        assert "Reminder after the due time: 130 % instead of 125 %" in body
        assert "On the list that the Commission sees: never instead of" in body

    def test_keeps_the_portals_own_ladder_where_nothing_is_moved(self, client, unit):
        saving(client, DAY)

        assert newest_of(unit.pk).ladder == {}

    @pytest.mark.parametrize(
        ("ladder", "said"),
        [
            ({"late": "soon"}, "Reminder after the due time: Enter a whole number."),
            ({"late": -1}, "Reminder after the due time: Ensure this value is greater than or equal to 0."),
            (dict.fromkeys(OWN, 0), "Reminder before the due time: Every step is switched off."),
        ],
    )
    def test_refuses_a_ladder_that_nobody_can_climb(self, client, ladder, said):
        shown = client.post(EDIT, form(DAY, ladder=ladder))

        assert shown.status_code == 422 and said in text(shown)

    def test_does_not_save_what_was_not_previewed(self, client):
        seen = client.post(EDIT, form(DAY)).context["editor"].fingerprint

        shown = client.post(EDIT, form(WEEK, do="save", seen=seen))

        assert shown.status_code == 200 and "Save as version 1" in text(shown)
        assert not Policy.objects.exists()

    def test_tells_whoever_was_overtaken_and_loses_nothing(self, client, unit, author):
        seen = client.post(EDIT, form(DAY, note="Mine.")).context["editor"].fingerprint
        save(author, WEEK)

        shown = client.post(EDIT, form(DAY, do="save", seen=seen, note="Mine."))

        assert shown.status_code == 409
        assert "Version 1 was saved by somebody in the meantime." in text(shown) and "Mine." in text(shown)
        assert list(newest_of(unit.pk).lines) == [WEEK]
        again = shown.context["editor"]
        client.post(EDIT, form(DAY, do="save", based_on=again.base, seen=again.fingerprint))
        assert list(newest_of(unit.pk).lines) == [DAY]

    def test_offers_nothing_to_save_where_nothing_changes(self, client, author):
        save(author, DAY)

        body = text(client.post(EDIT, form(DAY, based_on=1)))

        assert "there is nothing to save" in body and "Save as version" not in body

    def test_takes_no_sizes_from_a_platform(self, client, platform):
        client.force_login(member(platform, Role.ADMINISTRATOR))

        saving(client, WEEK)

        (line,) = newest_of(platform.pk).lines
        assert (line.size_class, line.amount) == ("", 5)

    @pytest.mark.parametrize(
        "data", [{}, {"do": "preview"}, {"do": "remove-x"}, {"do": "save", "lines-TOTAL_FORMS": "9" * 9}]
    )
    def test_survives_what_no_page_sends(self, client, data):
        assert client.post(EDIT, data).status_code in {200, 422}


def vars_of(line):
    return {name: getattr(line, name) for name in ("instrument", "area", "urgency", "size_class", "amount", "unit")}


class TestClocks:
    def test_are_listed_for_everybody_with_their_sources(self, client):
        client.force_login(member(CommissionFactory(), Role.ANALYST))

        body = text(client.get("/clocks/"))

        assert "Removal order: remove or disable" in body and "Reg. (EU) 2021/784 Art 3(7)" in body
        assert body.count("Not verified against the Official Journal") == 9

    def test_say_which_of_them_run_here(self, client):
        shown = client.get("/clocks/")

        assert {row.code for row in shown.context["running"]} == {"C16", "C18"}
        assert len(shown.context["running"]) + len(shown.context["listed"]) == 22
