import structlog

from apps.accounts.models import User

log = structlog.get_logger(__name__)


def set_operator(user: User, *, operator: bool) -> bool:
    """Let a person see what runs and what waits, or no longer; returns whether that changed anything.

    For whoever has a shell on the machine: no page grants it, so none can be talked into it.
    """
    changed = User.objects.filter(pk=user.pk).exclude(is_operator=operator).update(is_operator=operator)
    if changed:
        log.warning("person.operator", user=user.pk, operator=operator)
    return bool(changed)
