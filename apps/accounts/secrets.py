import hashlib
import secrets

TOKEN_PREFIX = "rp_"  # noqa: S105  by which scanners recognise a leaked token


def new_token() -> tuple[str, bytes]:
    """A bearer token (`rp_` and 256 random bits) and the SHA-256 digest that is stored in its place."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    return token, digest_of(token)


def new_secret() -> tuple[str, bytes]:
    """The secret part of a link (256 random bits), and the SHA-256 digest that is stored in its place."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
