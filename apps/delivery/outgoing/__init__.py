"""HTTP that leaves the portal for an address a stranger gave us (server-side request forgery: security.md 4.4).

`read_address` says whether an address may be one at all, without looking up its name; `post` looks it up, refuses
whatever leads inside, and talks to exactly the machine that was looked up. `read_page` and `fetch` do the same for
pages that are looked at.
"""

from apps.delivery.outgoing.addresses import AddressRefused, is_public, read_address, read_page
from apps.delivery.outgoing.fetching import Fetched, fetch
from apps.delivery.outgoing.posting import Answer, NoAnswer, post

__all__ = [
    "AddressRefused",
    "Answer",
    "Fetched",
    "NoAnswer",
    "fetch",
    "is_public",
    "post",
    "read_address",
    "read_page",
]
