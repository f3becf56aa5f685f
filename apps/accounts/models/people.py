from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.accounts.roles import Role
from apps.organisations.models import Organisation
from apps.tenancy.classes import Tenancy
from apps.tenancy.managers import TenantManager


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.lower(), **fields)  # signing in looks for the lower-case address
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. What they may do comes from memberships alone: there are no superusers."""

    tenancy = Tenancy.SYSTEM

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=8, blank=True, help_text="Empty: what the browser asks for.")
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the organisation's.")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False, db_default=False, help_text="Looks after the installation: sees what runs, and nobody's cases."
    )
    joined_at = models.DateTimeField()
    groups = models.ManyToManyField(
        Group, through="accounts.Membership", related_name="user_set", related_query_name="user"
    )

    is_superuser: ClassVar[bool] = False
    is_staff: ClassVar[bool] = False
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case")]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """One person's role in one organisation; at the same time the membership of guardian's group for that role."""

    tenancy = Tenancy.PERSONAL

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()

    objects = TenantManager["Membership"]()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once_per_organisation"),
            models.CheckConstraint(name="membership_role_is_known", condition=Q(role__in=[str(r.value) for r in Role])),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.organisation_id}"
