import re

_SCHEME = re.compile(r"^(h)tt(ps?)(?=:)", re.IGNORECASE)


def defanged(url: str) -> str:
    """`https://a.example/x` → `hxxps://a[.]example/x`: readable, and no programme makes a link of it."""
    scheme, separator, rest = _SCHEME.sub(r"\1xx\2", url).partition("://")
    if not separator:
        scheme, rest = "", url
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.replace('.', '[.]')}{slash}{path}"
