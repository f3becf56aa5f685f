"""Reading web addresses: one parser (WHATWG, as browsers do), no network, the original kept as evidence.

Identity is the hash of the canonical address without its fragment: the server never sees a fragment, so two addresses
that differ only there are one duplicate. The fragment itself is kept, since it may say what was meant.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from ada_url import URL, idna, parse_url
from publicsuffixlist import PublicSuffixList

from apps.referrals.intake.problems import MAX_ADDRESS_BYTES, RowCode, RowError, shown
from apps.referrals.intake.scripts import imitates_latin, mixes_scripts


class AddressFlag(StrEnum):
    """What a reader should know about an address that was accepted."""

    SCHEME_ASSUMED = "scheme_assumed"
    REFANGED = "refanged"
    USERINFO_REMOVED = "userinfo_removed"
    SPACE_ENCODED = "space_encoded"
    HIDDEN_CHARACTERS = "hidden_characters"
    MIXED_SCRIPT = "mixed_script"
    IMITATES_LATIN = "imitates_latin"
    IP_HOST = "ip_host"


@dataclass(frozen=True, slots=True)
class Address:
    """`raw` as received. `canonical` ends before the fragment; `fragment` begins with `#` or is empty."""

    raw: str
    canonical: str
    fragment: str
    host: str
    host_unicode: str
    registrable: str
    url_hash: bytes
    flags: frozenset[AddressFlag]

    @property
    def url(self) -> str:
        return self.canonical + self.fragment


_ALLOWED = frozenset({"http:", "https:"})
_ATTRIBUTES = ("href", "protocol", "hostname", "hash")
_NO_FLAGS: frozenset[AddressFlag] = frozenset()
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))", re.IGNORECASE)
_HTTP = re.compile(r"^(h)tt(ps?)(?=:)", re.IGNORECASE)
_ANOTHER = re.compile(r"\s\S{0,40}?(?:https?://|www\.)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_EDGES = " \t\r\n\x0b\x0c\u00a0\u200b\u200c\u200d\u2060\ufeff"
_DEFANGED_SCHEME = re.compile(r"\s*(?:hxxp|h\*\*p)(s?)(?:\[:\]//|\[://\]|://)", re.IGNORECASE)
_DEFANGED_SECOND = frozenset("xX*")
_DEFANGED_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE)


def read_address(raw: str, *, assume_scheme: bool = True) -> Address | RowError:
    """One address as a person, a file or another system writes it; `https:` is assumed where the scheme is missing."""
    flags: set[AddressFlag] = set()
    text = _clean(raw, flags)
    if isinstance(text, RowError):
        return text
    if not text.startswith(("https://", "http://")) and not _SCHEME.match(text):
        if not assume_scheme or " " in text:
            return RowError(RowCode.NOT_AN_ADDRESS, "url", shown(raw))
        text = f"https://{text.removeprefix('//')}"
        flags.add(AddressFlag.SCHEME_ASSUMED)
    try:
        parsed = parse_url(text, _ATTRIBUTES)
    except ValueError:
        return RowError(RowCode.NOT_AN_ADDRESS, "url", shown(raw))
    if parsed["protocol"] not in _ALLOWED:
        return RowError(RowCode.SCHEME_NOT_ALLOWED, "url", shown(parsed["protocol"].rstrip(":"), 20))
    return _checked(raw, text, parsed["href"], parsed["hostname"], parsed["hash"], flags)


def defang(url: str) -> str:
    """In a form that nothing turns into a link, and that can be read back: `hxxps://example[.]com/page`."""
    scheme, separator, rest = _HTTP.sub(r"\1xx\2", url).partition("://")
    if not separator:
        scheme, rest = "", url
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.replace('.', '[.]')}{slash}{path}"


def host_suffixes(host: str) -> tuple[str, ...]:
    """The host and every parent of it, longest first, for the longest match in a table of domains."""
    if host.startswith("[") or _is_ipv4(host):
        return (host,)
    labels = host.split(".")
    return tuple(".".join(labels[place:]) for place in range(len(labels)))


def has_known_suffix(host: str) -> bool:
    """Whether the host lies under a suffix of the public list: `example.org` does, `etc.and` does not."""
    return _public_suffixes().privatesuffix(host, accept_unknown=False) is not None


def _clean(raw: str, flags: set[AddressFlag]) -> str | RowError:
    """What to parse, or why not: length, encoding and characters that a parser would swallow in silence."""
    if len(raw) * 4 > MAX_ADDRESS_BYTES:
        try:
            size = len(raw.encode())
        except UnicodeEncodeError:
            return RowError(RowCode.NOT_UTF8, "url")
        if size > MAX_ADDRESS_BYTES:
            return RowError(RowCode.ADDRESS_TOO_LONG, "url")
    text = raw.strip(_EDGES)
    if not text:
        return RowError(RowCode.ADDRESS_MISSING, "url")
    if not text.isascii() or not text.isprintable() or " " in text:
        problem = _odd_characters(text, flags)
        if problem:
            return problem
    return _refanged(text, flags) if text[1:2] in _DEFANGED_SECOND or any(map(text.__contains__, "[({")) else text


def _odd_characters(text: str, flags: set[AddressFlag]) -> RowError | None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return RowError(RowCode.NOT_UTF8, "url")
    if _CONTROL.search(text):
        return RowError(RowCode.CONTROL_CHARACTER, "url")
    if _ANOTHER.search(text):
        return RowError(RowCode.SEVERAL_ADDRESSES, "url")
    if _HIDDEN.search(text):
        flags.add(AddressFlag.HIDDEN_CHARACTERS)
    if " " in text:
        flags.add(AddressFlag.SPACE_ENCODED)
    return None


def _refanged(text: str, flags: set[AddressFlag]) -> str:
    """Undo `hxxps://example[.]com`; the path stays as it is, for brackets may be part of it."""
    named = _DEFANGED_SCHEME.sub(r"http\1://", text, count=1)
    scheme, separator, rest = named.partition("://") if "://" in named else ("", "", named)
    host, slash, path = rest.partition("/")
    whole = f"{scheme}{separator}{_DEFANGED_DOT.sub('.', host)}{slash}{path}"
    if whole != text:
        flags.add(AddressFlag.REFANGED)
    return whole


def _checked(
    raw: str, text: str, href: str, hostname: str, fragment: str, flags: set[AddressFlag]
) -> Address | RowError:
    assumed = AddressFlag.SCHEME_ASSUMED in flags
    canonical = href.partition("#")[0]
    has_userinfo = "@" in canonical.split("/", 3)[2]
    if has_userinfo and assumed:
        return RowError(RowCode.NOT_AN_ADDRESS, "url", shown(raw))  # an e-mail address or a handle
    if has_userinfo or hostname.endswith("."):
        canonical, hostname = _plain(canonical, flags)
    host = _host(hostname)
    if host is None:
        return RowError(RowCode.HOST_INVALID, "url", shown(hostname))
    if host.is_single_label or (host.is_ip and assumed and hostname not in text):
        # “21.12” or “hello”: a browser would make a host of it, the sender hardly meant one.
        return RowError(RowCode.NOT_AN_ADDRESS if assumed else RowCode.HOST_MISSING, "url", shown(raw))
    return Address(
        raw,
        canonical,
        fragment,
        host.ascii,
        host.unicode,
        host.registrable,
        sha256(canonical.encode()).digest(),
        frozenset(flags).union(host.flags) if flags or host.flags else _NO_FLAGS,
    )


def _plain(canonical: str, flags: set[AddressFlag]) -> tuple[str, str]:
    """Without name and password, and without the dot that names the root."""
    url = URL(canonical)
    if url.username or url.password:
        flags.add(AddressFlag.USERINFO_REMOVED)
        url.username = url.password = ""
    bare = url.hostname.removesuffix(".")
    if bare and bare != url.hostname:
        url.hostname = bare
    return url.href, url.hostname


@dataclass(frozen=True, slots=True)
class _Host:
    ascii: str
    unicode: str
    registrable: str
    is_ip: bool
    is_single_label: bool
    flags: frozenset[AddressFlag]


@lru_cache(maxsize=8192)
def _host(hostname: str) -> _Host | None:
    """Facts of a host name as the parser gave it; None where no such host can exist."""
    if hostname.startswith("[") or _is_ipv4(hostname):
        return _Host(hostname, hostname, hostname, True, False, frozenset({AddressFlag.IP_HOST}))
    labels = hostname.split(".")
    if len(hostname) > 253 or any(not 0 < len(label) < 64 for label in labels):
        return None
    unicode = idna.decode(hostname) if "xn--" in hostname else hostname
    registrable = _public_suffixes().privatesuffix(hostname) or hostname
    return _Host(hostname, unicode, registrable, False, len(labels) == 1, _script_flags(unicode))


def _script_flags(host: str) -> frozenset[AddressFlag]:
    if host.isascii():
        return _NO_FLAGS
    *labels, top = host.split(".")
    found = {AddressFlag.MIXED_SCRIPT} if any(mixes_scripts(label) for label in labels) else set()
    if top.isascii() and any(imitates_latin(label) for label in labels):
        found.add(AddressFlag.IMITATES_LATIN)
    return frozenset(found)


def _is_ipv4(host: str) -> bool:
    return host[-1:].isdigit() and host.replace(".", "").isdigit()


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()
