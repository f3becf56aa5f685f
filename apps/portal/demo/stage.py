"""Makes the organisations, their people and their tokens. Run as the owner; whatever is there already stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from apps.accounts import services
from apps.accounts.models import Membership, User
from apps.accounts.roles import Role
from apps.accounts.selectors import principal_of
from apps.accounts.services.operators import set_operator
from apps.organisations.data import DirectoryEntry, starter_directory
from apps.organisations.models import (
    ContactPoint,
    ContactPurpose,
    Domain,
    Kind,
    Organisation,
    PlatformProfile,
    Standing,
)
from apps.portal.demo.cast import BOTH, PASSWORD, House, PlatformHouse, Player

LONG_BEFORE = timedelta(days=400)
TOKEN_LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who acts for an organisation in the stories."""

    user_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody in place: organisations by slug, people by slug and role."""

    organisations: dict[str, Organisation]
    seats: dict[tuple[str, Role], list[Seat]]

    def pk(self, house: House) -> int:
        return self.organisations[house.slug].pk


def set_stage(houses: Sequence[House], *, now: datetime) -> Stage:
    opened = now - LONG_BEFORE
    organisations = {house.slug: _organisation(house, opened) for house in houses}
    list_real_services(at=opened)
    services.sync_roles()
    seats: dict[tuple[str, Role], list[Seat]] = {}
    secret = make_password(PASSWORD)
    for house in houses:
        for player in house.people:
            user = _person(house, player, organisations[house.slug], secret=secret, at=opened)
            seats.setdefault((house.slug, player.role), []).append(Seat(user.pk, str(user)))
    _second_membership(organisations, at=opened)
    return Stage(organisations, seats)


def list_real_services(*, at: datetime) -> int:
    """Put the starter directory in, so that real addresses find their platform: no people, no contacts, no figures."""
    known = set(Organisation.objects.values_list("slug", flat=True))
    new = [entry for entry in starter_directory() if entry.slug not in known]
    made = Organisation.objects.bulk_create(_listed(entry, at=at) for entry in new)
    pairs = list(zip(made, new, strict=True))
    PlatformProfile.objects.bulk_create(
        PlatformProfile(organisation=one, service_type=entry.service_type, size_class=entry.size_class)
        for one, entry in pairs
    )
    Domain.objects.bulk_create(Domain(host=host, platform=one) for one, entry in pairs for host in entry.domains)
    return len(new)


def issue_tokens(stage: Stage, wanted: Iterable[tuple[str, str, Role]], *, now: datetime) -> dict[str, str]:
    """One token for each (name, slug, role), with all that its holder may do: `{name: secret}`."""
    return {name: _token(stage, slug, role, now=now) for name, slug, role in wanted}


def _listed(entry: DirectoryEntry, *, at: datetime) -> Organisation:
    return Organisation(
        slug=entry.slug,
        name=entry.name,
        kind=Kind.PLATFORM,
        country=entry.establishment_country,
        languages=["en"],
        second_person=False,
        created_at=at,
    )


def _organisation(house: House, opened: datetime) -> Organisation:
    organisation, is_new = Organisation.objects.get_or_create(
        slug=house.slug,
        defaults={
            "name": house.name,
            "kind": house.kind,
            "country": house.country,
            "time_zone": house.time_zone,
            "languages": list(house.languages),
            "capabilities": list(house.capabilities),
            "second_person": house.second_person,
            "standing": Standing.CLAIMED if house.people else Standing.LISTED,
            "created_at": opened,
        },
    )
    if is_new:
        ContactPoint.objects.create(
            organisation=organisation,
            purpose=ContactPurpose.AUTHORITIES,
            email=f"notices@{house.host}",
            languages=list(house.languages),
            verified_at=opened,
        )
    if is_new and isinstance(house, PlatformHouse):
        PlatformProfile.objects.create(
            organisation=organisation, service_type=house.service, size_class=house.size, accepts_as_article_16=True
        )
        Domain.objects.create(host=house.host, platform=organisation)
    return organisation


def _person(house: House, player: Player, organisation: Organisation, *, secret: str, at: datetime) -> User:
    user, is_new = User.objects.get_or_create(
        email=f"{player.account}@{house.host}", defaults={"name": player.name, "password": secret, "joined_at": at}
    )
    if is_new:
        services.grant_role(user, organisation=organisation, role=player.role, by=None, at=at)
        set_operator(user, operator=house.kind == Kind.AUDITOR and player.role == Role.ADMINISTRATOR)
    return user


def _second_membership(organisations: dict[str, Organisation], *, at: datetime) -> None:
    email, slug, role = BOTH
    user = User.objects.get(email=email)
    if not Membership.objects.filter(user=user, organisation=organisations[slug]).exists():
        services.grant_role(user, organisation=organisations[slug], role=role, by=None, at=at)


def _token(stage: Stage, slug: str, role: Role, *, now: datetime) -> str:
    user = User.objects.get(pk=stage.seats[slug, role][0].user_id)
    membership = Membership.objects.select_related("organisation").get(user=user, organisation__slug=slug)
    principal = principal_of(user, membership)
    _token_row, secret = services.issue_token(
        name="Demo", scopes=principal.permissions, expires_at=now + TOKEN_LIFE, by=principal, at=now
    )
    return secret
