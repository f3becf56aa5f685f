"""One move for all referrals of a case: the service of each, and what to say of its results."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.referrals import services
from apps.referrals.services import Moved
from apps.referrals.transitions import State, Transition

MOVES: Mapping[Transition, Callable[..., dict[str, Moved]]] = MappingProxyType(
    {
        Transition.SUBMIT: services.submit_set,
        Transition.APPROVE: services.approve_set,
        Transition.WITHDRAW: services.withdraw_set,
    }
)


def report(transition: Transition, moved: Mapping[str, Moved]) -> tuple[int, str]:
    """The level and the sentences of a message about a set: what was done, and each refusal by its reason."""
    done = [one for one in moved.values() if one.done]
    refused = [one for one in moved.values() if not one.done]
    if not moved:
        return WARNING, _("There was nothing left to do: the referrals have moved on in the meantime.")
    sentences = [_done(transition, done)] if done else []
    sentences += [f"{one.reference}: {one.detail}" for one in refused[:5]]
    return (SUCCESS if not refused else WARNING if done else ERROR), " ".join(sentences)


def _done(transition: Transition, done: list[Moved]) -> str:
    count = len(done)
    if transition is Transition.WITHDRAW:
        words = ngettext("%(count)s referral was withdrawn.", "%(count)s referrals were withdrawn.", count)
    elif done[0].state == State.SENT:
        words = ngettext("%(count)s referral was sent.", "%(count)s referrals were sent.", count)
    else:
        words = ngettext("%(count)s referral waits for approval.", "%(count)s referrals wait for approval.", count)
    return words % {"count": number_format(count)}
