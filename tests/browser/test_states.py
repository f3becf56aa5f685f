"""What an address alone does not show: errors in forms, results, open menus and dialogs, and where nothing is yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page

from apps.accounts.roles import Role
from apps.organisations.models import Capability, Kind
from apps.referrals.transitions import State
from apps.statistics.tasks import refresh
from apps.tenancy.context import AS_OWNER, acting_as
from tests.browser.looking import problems_of
from tests.browser.steps import (
    Step,
    ask_for_keys,
    choose_outcome,
    invite,
    load_and_check_answers,
    load_answers,
    make_token,
    only_look,
    open_link,
    open_menu,
    paste,
    press,
    record,
    select,
    upload,
    upload_and_check,
)
from tests.factories import (
    CommissionFactory,
    DomainFactory,
    OrganisationFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    member,
)
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

States = Sequence[tuple[str, Step]]

SENDER: States = [
    ("/", open_menu("Your account")),
    ("/", open_menu("Appearance")),
    ("/", ask_for_keys),
    ("/cases/new/", press("Send")),
    ("/cases/new/", paste),
    ("/cases/upload/", press("Continue")),
    ("/cases/upload/", upload),
    ("/cases/upload/", upload_and_check),
    ("/referrals/", open_menu("State")),
    ("/referrals/", open_link("Preview of")),
    ("/referrals/", select("Withdraw")),
    ("/referrals/", select("Close")),
    ("/referrals/?q=nonesuch", only_look),
    ("{asked}", open_link("Reply to the platform")),
    ("{asked}", open_link("Withdraw")),
    ("{hidden}", only_look),
    ("{hidden}", press("Show the addresses")),
    ("/tokens/", press("Make the token")),
    ("/tokens/", make_token),
    ("/account/", press("Save")),
    ("/password/", press("Save the password")),
    ("/monitoring/", open_menu("The numbers as a table")),
    ("/monitoring/?period=custom", only_look),
    ("/nowhere/", only_look),
]
PLATFORM: States = [
    ("{received}", open_link("Ask the sender")),
    ("/items/", select("Answer the selected items")),
    ("/items/", select("Claim")),
    ("/items/?group=sender", only_look),
    ("/items/?group=content&desk=unassigned", only_look),
    ("/items/?desk=snoozed", only_look),
    ("/items/sheets/", load_answers),
    ("/items/sheets/", load_and_check_answers),
    ("/items/templates/new/", press("Keep the template")),
    ("/items/answer/?referral={received_reference}", press("Record")),
    ("/items/answer/?referral={received_reference}", choose_outcome),
    ("/items/answer/?referral={received_reference}", record),
    ("/monitoring/", only_look),
]
ADMINISTRATOR: States = [
    ("/members/", press("Send the invitation")),
    ("/members/", invite),
]
NOBODY: States = [
    ("/sign-in/", press("Sign in")),
    ("/password/forgotten/", press("Send the link")),
]
EMPTY = ("/", "/cases/", "/referrals/", "/items/", "/overdue/", "/monitoring/", "/tokens/")


@dataclass
class Cast:
    """A unit and a platform with something in every state, and people of organisations that have nothing yet."""

    def __post_init__(self) -> None:
        unit = ReferralUnitFactory.create(second_person=False, capabilities=[*Capability])
        platform = PlatformFactory.create(slug="video")
        DomainFactory.create(platform=platform, host="encyclo.example")
        self.officer = member(unit, Role.REVIEWER, password=make_password(PASSWORD))
        self.administrator = member(unit, Role.ADMINISTRATOR)
        self.contact = member(platform, Role.CONTACT_POINT)
        common: dict[str, Any] = {"sender": unit, "recipient": platform, "created_by": self.officer}
        every = {state: ReferralFactory.create(state=state, items=2, **common) for state in State}
        hidden = ReferralFactory.create(state=State.RECEIVED, area="csam", **common)
        self.places = {
            "asked": f"/referrals/{every[State.INFO_REQUESTED].reference}/",
            "hidden": f"/referrals/{hidden.reference}/",
            "received": f"/referrals/{every[State.RECEIVED].reference}/",
            "received_reference": every[State.RECEIVED].reference,
        }
        self.newcomers = [
            member(ReferralUnitFactory.create(), Role.REVIEWER),
            member(PlatformFactory.create(), Role.CONTACT_POINT),
            member(CommissionFactory.create(), Role.ANALYST),
            member(OrganisationFactory.create(kind=Kind.AUDITOR), Role.AUDITOR),
        ]


@pytest.fixture
def cast() -> Cast:
    with acting_as(AS_OWNER):
        return Cast()


@dataclass
class Eye:
    """Takes a page into each state and looks at it."""

    page: Page
    address: str
    places: dict[str, str]

    def look(self, states: States) -> str:
        """What is wrong, line by line; empty where all is well."""
        return "\n".join(problem for path, step in states for problem in self._look(path, step))

    def _look(self, path: str, step: Step) -> Sequence[str]:
        self.page.goto(self.address + path.format(**self.places))
        step(self.page)
        self.page.wait_for_load_state()
        return [f"{path}, {getattr(step, '__name__', step)}: {problem}" for problem in problems_of(self.page)]


@pytest.fixture
def eye(page: Page, live_server, cast: Cast) -> Eye:
    return Eye(page, live_server.url, cast.places)


@pytest.mark.parametrize(
    ("who", "states"),
    [("officer", SENDER), ("contact", PLATFORM), ("administrator", ADMINISTRATOR), ("nobody", NOBODY)],
    ids=["sender", "platform", "administrator", "nobody"],
)
def test_every_state_meets_wcag(eye, cast, signed_in, who, states):
    refresh()
    signed_in(getattr(cast, who, None))
    assert eye.look(states) == ""


def test_what_is_empty_meets_wcag(eye, cast, signed_in):
    refresh()
    for newcomer in cast.newcomers:
        signed_in(newcomer)
        assert eye.look([(path, only_look) for path in EMPTY]) == ""
