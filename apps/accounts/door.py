"""Who comes and goes, heard from Django's own signals: nobody else knows of an attempt that failed."""

from typing import Any

from django.contrib.auth import signals
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import note_at_the_door
from apps.audit.models import Operation


def watch() -> None:
    signals.user_logged_in.connect(came, dispatch_uid="accounts.came")
    signals.user_logged_out.connect(left, dispatch_uid="accounts.left")
    signals.user_login_failed.connect(failed, dispatch_uid="accounts.failed")


def came(*, user: User, **_: Any) -> None:
    note_at_the_door(user, "person.signed_in", at=timezone.now())


def left(*, user: User | None, **_: Any) -> None:
    if user is not None:
        note_at_the_door(user, "person.signed_out", at=timezone.now())


def failed(*, credentials: dict[str, Any], **_: Any) -> None:
    """An attempt for an address nobody has concerns no organisation and leaves no entry."""
    user = User.objects.filter(email__iexact=str(credentials.get("email", ""))).first()
    if user is not None:
        note_at_the_door(user, "person.refused", operation=Operation.DENY, at=timezone.now())
