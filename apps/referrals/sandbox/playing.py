"""A sandbox is opened, and its made-up sender acts. Whoever plays sees through their own eyes only."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, User
from apps.accounts.principal import Principal
from apps.accounts.roles import Role
from apps.accounts.selectors import principal_of
from apps.accounts.services import grant_role
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.delivery.models import Channel, Route
from apps.organisations.models import Kind, Organisation
from apps.referrals import services
from apps.referrals.intake.rows import read_rows
from apps.referrals.models import Referral
from apps.referrals.sandbox.scenarios import SCENARIOS, Act, Scenario
from apps.referrals.services import Filing
from apps.referrals.transitions import DISCLOSED, State
from apps.taxonomy.areas import Area
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.tenancy.context import Context, acting_as

PLAYED = "Sandbox: "
OPEN = tuple(DISCLOSED - {State.ANSWERED, State.CLOSED, State.WITHDRAWN})


class NotASandbox(Conflict):
    code = "not_a_sandbox"
    message = _("This works in a sandbox alone. Act for your sandbox, or use a token that was made there.")


class UnknownScenario(Refused):
    code = "unknown_scenario"
    message = _("There is no such scenario. Choose one of the list.")


@transaction.atomic
def open_sandbox(*, by: Principal, at: datetime) -> Organisation:
    """Make the acting platform's sandbox, or find it, and let the acting person in with every right there is in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tenancy.open_sandbox(%s, %s)", [by.organisation_id, at])
        platform_id, sender_id = cursor.fetchone()
    houses = Organisation.objects.in_bulk([platform_id, sender_id])
    with acting_as(Context(organisation_ids=(platform_id, sender_id), user_id=by.user_id)):
        person = User.objects.get(pk=by.person_id)
        _let_in(person, houses[platform_id], Role.ADMINISTRATOR, at=at)
        _let_in(_officer(houses[sender_id], at=at), houses[sender_id], Role.OFFICER, at=at)
        Route.objects.get_or_create(
            organisation_id=sender_id, defaults={"channels": [Channel.API.value], "changed_at": at}
        )
    record(
        "sandbox.opened",
        operation=Operation.ADMINISTER,
        organisation_id=by.organisation_id,
        target_type="platform",
        target=houses[platform_id].slug,
        by=by,
        at=at,
    )
    return houses[platform_id]


@transaction.atomic
def play(slug: str, *, by: Principal, at: datetime) -> Sequence[str]:
    """Let the sandbox's sender do what a scenario says; the references it touched. What was open of it is taken back.

    Raises `UnknownScenario`, and `NotASandbox` for whoever acts for anything else than a sandbox platform.
    """
    scenario = SCENARIOS.get(slug)
    if scenario is None:
        raise UnknownScenario
    platform = sandbox_of(by)
    sender = _sender(platform)
    with acting_as(sender):
        touched = _act(scenario, platform, by=sender, at=at)
    record(
        "sandbox.played",
        organisation_id=by.organisation_id,
        target_type="scenario",
        target=slug,
        details={"references": touched},
        by=by,
        at=at,
    )
    return touched


def sandbox_of(principal: Principal) -> Organisation:
    """The sandbox platform somebody acts for; `NotASandbox` for everybody else."""
    found = Organisation.objects.filter(pk=principal.organisation_id, kind=Kind.PLATFORM, sandbox_of__isnull=False)
    platform = found.first()
    if platform is None:
        raise NotASandbox
    return platform


def _sender(platform: Organisation) -> Principal:
    sender = Organisation.objects.get(sandbox_of_id=platform.sandbox_of_id, kind=Kind.REFERRAL_UNIT)
    with acting_as(Context(organisation_ids=(sender.pk,))):
        membership = Membership.objects.select_related("user", "organisation").get(
            organisation=sender, user__email=_address(sender)
        )
        return principal_of(membership.user, membership)


def _act(scenario: Scenario, platform: Organisation, *, by: Principal, at: datetime) -> list[str]:
    if scenario.act is Act.REPLY:
        return _reply(by=by, at=at)
    _take_back(scenario, by=by, at=at)
    run, host = uuid4().hex[:10], platform.domains.get().host
    given = [{"url": f"https://{host}/{run}/{number}"} for number in range(1, scenario.count + 1)]
    rows = read_rows(given, today=timezone.localdate(at))
    filed = services.file(_filing(scenario), rows, submit=True, source="api", by=by, at=at)
    references = [referral.reference for referral in filed.referrals]
    if scenario.act is Act.FILE_AND_WITHDRAW:
        services.withdraw_set(references, text="Sent by mistake.", by=by, at=at)
    return references


def _filing(scenario: Scenario) -> Filing:
    return Filing(
        instrument="referral",
        area=Area.TERRORISM.value,
        category=Category.RISK_FOR_PUBLIC_SECURITY.value,
        keywords=(Keyword.TERRORIST_CONTENT.value,),
        legal_basis="A sandbox has none.",
        reasons=scenario.reasons,
        urgency=scenario.urgency,
        title=f"{PLAYED}{scenario.slug}",
    )


def _take_back(scenario: Scenario, *, by: Principal, at: datetime) -> None:
    rows = Referral.objects.visible_to(by).filter(case__title=f"{PLAYED}{scenario.slug}", state__in=OPEN)
    references = list(rows.order_by("pk").values_list("reference", flat=True))
    if references:
        services.withdraw_set(references, text="The scenario was started again.", by=by, at=at)


def _reply(*, by: Principal, at: datetime) -> list[str]:
    asked = list(Referral.objects.visible_to(by).filter(state=State.INFO_REQUESTED).order_by("pk"))
    for referral in asked:  # a handful: as many as questions were asked by hand
        services.provide_information(referral, text="Both of them, from the first second on.", by=by, at=at)
    return [referral.reference for referral in asked]


def _let_in(person: User, organisation: Organisation, role: Role, *, at: datetime) -> None:
    if not Membership.objects.filter(user=person, organisation=organisation).exists():
        grant_role(person, organisation=organisation, role=role, by=None, at=at)


def _officer(sender: Organisation, *, at: datetime) -> User:
    """Nobody: a person without a password, in whose name the made-up sender acts."""
    defaults = {"name": "Sandbox officer", "joined_at": at, "password": "!"}
    return User.objects.get_or_create(email=_address(sender), defaults=defaults)[0]


def _address(sender: Organisation) -> str:
    return f"officer@{sender.slug}.example"
