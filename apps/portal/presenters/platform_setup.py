"""What a platform has done to be ready, and what is missing, read off its state."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import ApiToken, Membership
from apps.accounts.principal import Principal
from apps.accounts.roles import Role
from apps.organisations.models import ContactPoint, ContactPurpose, Organisation, PolicyKind, PolicyLink
from apps.taxonomy.territories import EEA


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do once. `why` says what it is good for, `url_name` where it is done; `is_optional`: if liked."""

    label: str | Promise
    why: str | Promise
    url_name: str
    is_done: bool
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class SetUp:
    tasks: Sequence[Task]

    @property
    def wanted(self) -> Sequence[Task]:
        return [task for task in self.tasks if not task.is_optional]

    @property
    def done_count(self) -> int:
        return sum(task.is_done for task in self.wanted)

    @property
    def is_complete(self) -> bool:
        return self.done_count == len(self.wanted)


def set_up_of(platform: Organisation, *, by: Principal) -> SetUp:
    roles = set(Membership.objects.filter(organisation=platform).values_list("role", flat=True))
    purposes = set(ContactPoint.objects.filter(organisation=platform).values_list("purpose", flat=True))
    has_token = ApiToken.objects.filter(organisation=platform, revoked_at=None).exists()
    return SetUp([*_people(roles), *_contacts(purposes), *_law(platform), _programs(has_token), _practice(platform)])


def _people(roles: set[str]) -> list[Task]:
    return [
        Task(
            _("Invite a point of contact"),
            _("Administrators look after people; points of contact read and answer referrals."),
            "portal:members",
            Role.CONTACT_POINT in roles,
        )
    ]


def _contacts(purposes: set[str]) -> list[Task]:
    place = "portal:platform-contacts"
    return [
        Task(
            _("Name a contact point for authorities"),
            _("Referrals go there, and it is public by law (DSA Art 11)."),
            place,
            ContactPurpose.AUTHORITIES in purposes,
        ),
        Task(
            _("Name a contact point for users"),
            _("Public by law (DSA Art 12)."),
            place,
            ContactPurpose.USERS in purposes,
        ),
        Task(
            _("Name a contact point for removal orders"),
            _("Hosting services that spread content to the public owe one (Reg. (EU) 2021/784 Art 15)."),
            place,
            ContactPurpose.TERRORISM in purposes,
        ),
    ]


def _law(platform: Organisation) -> list[Task]:
    profile = getattr(platform, "platform", None)
    published = set(PolicyLink.objects.filter(organisation=platform).exclude(url="").values_list("kind", flat=True))
    found = [
        Task(
            _("Say what kind of service you are, and how large"),
            _("It decides what the law asks of you; small providers are spared much of it."),
            "portal:platform-profile",
            profile is not None and not profile.is_presumed,
        ),
        Task(
            _("Link your terms and your notice form"),
            _("Senders check content against your terms, and see how you want to be notified."),
            "portal:platform-policies",
            {PolicyKind.TERMS, PolicyKind.NOTICE_FORM} <= published,
        ),
    ]
    if platform.country not in EEA:
        found.append(
            Task(
                _("Name your legal representative in the Union"),
                _("Owed by providers without an establishment in the Union (DSA Art 13)."),
                "portal:platform-profile",
                bool(profile and profile.representative_name),
            )
        )
    return found


def _programs(has_token: bool) -> Task:
    return Task(
        _("Connect your own systems"),
        _("With a token they read the worklist and answer by themselves. The web pages do without."),
        "portal:tokens",
        has_token,
        is_optional=True,
    )


def _practice(platform: Organisation) -> Task:
    return Task(
        _("Try everything in the sandbox"),
        _("A made-up sender, scenarios to start, and a page that shows what your systems have proven."),
        "portal:sandbox",
        Organisation.objects.filter(sandbox_of=platform).exists(),
        is_optional=True,
    )
