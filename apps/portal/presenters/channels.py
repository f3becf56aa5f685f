"""How an organisation can be reached: each channel, whether it works now, and the order in which they are tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.delivery.selectors import preferred_channels, reachable_by
from apps.delivery.services import ways_of
from apps.delivery.vocabulary import ROUTABLE, Channel
from apps.portal.forms.channels import ChannelsForm

WORDS: Mapping[Channel, tuple[str | Promise, str | Promise]] = MappingProxyType(
    {
        Channel.WEBHOOK: (
            _("Your own system is told at once, and its answer is the receipt."),
            _("Register an endpoint first."),
        ),
        Channel.API: (
            _("Your own system asks for what is new; its reading is the receipt."),
            _("Make an API token first."),
        ),
        Channel.EMAIL: (
            _("A mail to your contact points says that something waits in the portal."),
            _("Add a contact point first."),
        ),
        Channel.EMAIL_LINK: (
            _("A mail carries a link by which one referral can be answered without an account."),
            _("Add a contact point first."),
        ),
        Channel.EXTERNAL_FORM: (
            _("Senders fill in the form on your site and note the number that it gives them."),
            _("They do that by hand, whatever the order."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Way:
    """One channel: what it is, whether it works for this organisation now, and what to do where it does not."""

    label: str
    words: str | Promise
    works: bool
    mend: str | Promise
    lacks: str | Promise


def channels_page(principal: Principal, form: ChannelsForm | None = None) -> dict[str, Any]:
    """`order`: the channels that the next message would be tried by."""
    own = preferred_channels(principal)
    working = reachable_by(principal.organisation_id)
    return {
        "form": form or ChannelsForm(channels=own),
        "ways": [_way(one, one in working) for one in ROUTABLE],
        "order": _labels(ways_of([principal.organisation_id])[principal.organisation_id]),
        "is_own": bool(own),
    }


def _way(channel: Channel, works: bool) -> Way:
    words, mend = WORDS[channel]
    lacks = _("By hand") if channel is Channel.EXTERNAL_FORM else _("Not set up")
    return Way(str(channel.label), words, works, mend, lacks)


def _labels(channels: Sequence[Channel]) -> list[str]:
    return [str(channel.label) for channel in channels]
