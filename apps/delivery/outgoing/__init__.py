"""HTTP that leaves the portal for an address a stranger gave us (server-side request forgery: security.md 4.4).

`read_address` says whether an address may be one at all, without looking up its name; `post` looks it up, refuses
whatever leads inside, and talks to exactly the machine that was looked up.
"""

from apps.delivery.outgoing.addresses import AddressRefused, is_public, read_address
from apps.delivery.outgoing.posting import Answer, NoAnswer, post

__all__ = ["AddressRefused", "Answer", "NoAnswer", "is_public", "post", "read_address"]
