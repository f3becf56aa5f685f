"""The ways to reach an organisation. A new one is a module with a `deliver` and a `reachable`, and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from apps.delivery.channels import email, email_link, fetching, webhook
from apps.delivery.channels.fate import Adapter, Fate
from apps.delivery.models import Channel

ADAPTERS: Mapping[Channel, Adapter] = MappingProxyType(
    {
        Channel.WEBHOOK: Adapter(webhook.deliver, webhook.reachable, settle_every=25, claim=webhook.CLAIM),
        Channel.EMAIL: Adapter(email.deliver, email.reachable),
        Channel.EMAIL_LINK: Adapter(email_link.deliver, email_link.reachable),
        Channel.API: Adapter(fetching.deliver, fetching.reachable, settle_every=500, claim=500),
    }
)

__all__ = ["ADAPTERS", "Adapter", "Fate"]
