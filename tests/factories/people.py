from datetime import UTC, datetime

import factory
from django.contrib.auth.models import Group

from apps.accounts import services
from apps.accounts.models import ApiToken, Membership, User
from apps.accounts.principal import Principal
from apps.accounts.roles import Role, roles_of
from apps.accounts.secrets import new_token
from apps.accounts.selectors import principal_of
from apps.accounts.services.members import group_name
from apps.organisations.models import Organisation
from tests.factories.organisations import LONG_AGO

PASSWORD = "correct horse battery staple"
FAR_AWAY = datetime(2999, 1, 1, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person-{n}@people.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    joined_at = LONG_AGO
    password = "!"


def member(organisation: Organisation, role: Role, **fields: object) -> User:
    """A person with a role in an organisation, guardian's projection included."""
    user = UserFactory(**fields)
    if not Group.objects.filter(name=group_name(organisation, role)).exists():
        services.sync_roles()
    services.grant_role(user, organisation=organisation, role=role, by=None, at=LONG_AGO)
    return user


def principal_for(organisation: Organisation, role: Role, user: User | None = None) -> Principal:
    """Somebody of that role, ready to act."""
    user = user or member(organisation, role)
    return principal_of(user, Membership.objects.get(user=user, organisation=organisation))


def token_for(organisation: Organisation, role: Role, user: User | None = None) -> str:
    """The bearer token of somebody of that role (or of `user`), with all the role's permissions in its scopes."""
    user = user or member(organisation, role)
    secret, digest = new_token()
    ApiToken.objects.create(
        organisation=organisation,
        user=user,
        name="test",
        hint=secret[:9],
        digest=digest,
        scopes=sorted(p.value for p in roles_of(organisation.kind)[role]),
        created_at=LONG_AGO,
        expires_at=FAR_AWAY,
    )
    return secret
