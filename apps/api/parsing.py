import json
from collections.abc import Iterable
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from apps.api.errors import BadRequest

DEEPEST = 20


class StrictJSON(BaseParser):
    """JSON as everybody reads it the same: UTF-8, no key twice, no NaN, at most 20 levels.

    The whole body is in memory before (`DATA_UPLOAD_MAX_MEMORY_SIZE` bounds it), for its fingerprint.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return parse(parser_context["request"]._request.body)


def parse(body: bytes) -> Any:
    """The value in a body; raises `BadRequest` with `malformed_json`, `duplicate_key` or `too_deep`."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as problem:  # covers bytes that are not UTF-8, and numbers of thousands of digits
        raise BadRequest(
            "malformed_json", _("The body is no valid JSON in UTF-8. Check it with a JSON validator.")
        ) from problem
    if _is_deeper_than(value, DEEPEST):
        raise _too_deep()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("duplicate_key", _("An object in the body has the same key twice. Send each key once."))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deeper_than(value: Any, levels: int) -> bool:
    """Level by level, so that a deep body costs no stack."""
    level: list[Any] = [value]
    for _level in range(levels):
        level = [child for one in level for child in _children(one) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep() -> BadRequest:
    return BadRequest("too_deep", _("The body is nested more than 20 levels deep. Send it flatter."))
