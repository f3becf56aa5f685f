import ipaddress
from contextlib import suppress
from typing import Any

from ada_url import URL
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused

PORTS = frozenset({"", "8443"})  # 443 is https' own
PAGE_PORTS = PORTS | {"80"}  # "80" is written only where it is not the scheme's own
LONGEST, LONGEST_OF_A_PAGE = 500, 8192
LOOPBACK = ipaddress.ip_address("127.0.0.1")
INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion", ".invalid")

# What `is_global` lets pass though it leads inside, or nowhere. IPv6 outside 2000::/3 is refused as a whole.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2002::/16",  # 6to4: any IPv4 address inside
        "2001:db8::/32",
        "3fff::/20",
    )
)


class AddressRefused(Refused):
    code = "address_refused"
    message: str | Promise = _("Messages cannot be sent to this address.")


def read_address(text: str) -> str:
    """The address as a browser reads it (WHATWG), if messages may be sent there; raises `AddressRefused`.

    Nothing is looked up: whether the name leads to a machine outside is asked when something is sent.
    """
    if len(text) > LONGEST or not text.isprintable() or any(sign in text for sign in "\\ @#"):
        raise AddressRefused(_("Give a plain address: no spaces, no user name, no “#”, at most 500 characters."))
    url: Any = None
    with suppress(ValueError):
        url = URL(text)
    if url is None or "://" not in text:
        raise AddressRefused(_("This is not an address. Give one like https://hooks.platform.example/relay."))
    if settings.OUTGOING_MAY_REACH_LOOPBACK and url.hostname in {str(LOOPBACK), "localhost"}:
        return _of(url, schemes={"http:", "https:"})
    _refuse_inner_name(url.hostname)
    if url.port not in PORTS:
        raise AddressRefused(_("Only the ports 443 and 8443 can be reached."))
    return _of(url, schemes={"https:"})


def read_page(text: str) -> str:
    """The address of a page that may be looked at, without its fragment; raises `AddressRefused`.

    A page may be old: http is taken too. Where its name leads is asked when it is looked at.
    """
    url: Any = None
    with suppress(ValueError):
        url = URL(text) if len(text) <= LONGEST_OF_A_PAGE and text.isprintable() else None
    if url is None or url.username or url.password:
        raise AddressRefused(_("This is no address that can be looked at."))
    url.hash = ""
    if settings.OUTGOING_MAY_REACH_LOOPBACK and url.hostname in {str(LOOPBACK), "localhost"}:
        return _of(url, schemes={"http:", "https:"})
    _refuse_inner_name(url.hostname)
    if url.port not in PAGE_PORTS:
        raise AddressRefused(_("Only the ports 80, 443 and 8443 can be reached."))
    return _of(url, schemes={"http:", "https:"})


def _of(url: Any, *, schemes: set[str]) -> str:
    if url.protocol not in schemes:
        raise AddressRefused(_("The address must begin with https://."))
    return str(url.href)


def _refuse_inner_name(host: str) -> None:
    if _is_literal(host):
        raise AddressRefused(_("Give a host name instead of an IP address: only a name can have a certificate."))
    if "." not in host.strip(".") or host.endswith((".", *INSIDE)):
        raise AddressRefused(_("This host name is not one of the public internet."))


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of a machine on the public internet, whatever form it is written in."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip not in ipaddress.ip_network("2000::/3"):
        return False  # mapped, translated, local, multicast and unassigned ones among them
    if (
        ip.is_multicast
        or ip.is_reserved
        or any(ip in network for network in NOT_PUBLIC if network.version == ip.version)
    ):
        return False
    return ip.is_global
