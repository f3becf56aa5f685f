"""What can be wrong with one row, each with a code for machines and a sentence that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_ADDRESS_BYTES = 8192


class RowCode(StrEnum):
    """Stable: other systems branch on these."""

    ADDRESS_MISSING = "address_missing"
    ADDRESS_TOO_LONG = "address_too_long"
    NOT_AN_ADDRESS = "not_an_address"
    SEVERAL_ADDRESSES = "several_addresses"
    SCHEME_NOT_ALLOWED = "scheme_not_allowed"
    HOST_MISSING = "host_missing"
    HOST_INVALID = "host_invalid"
    CONTROL_CHARACTER = "control_character"
    NOT_UTF8 = "not_utf8"
    NOT_AN_OBJECT = "not_an_object"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    UNKNOWN_CONTENT_TYPE = "unknown_content_type"
    UNKNOWN_LANGUAGE = "unknown_language"
    DATE_INVALID = "date_invalid"
    DATE_IN_FUTURE = "date_in_future"
    TOO_MANY_CELLS = "too_many_cells"
    CELL_TOO_LONG = "cell_too_long"
    ITEM_MISSING = "item_missing"
    NOT_YES_OR_NO = "not_yes_or_no"
    TIME_INVALID = "time_invalid"
    QUOTE_NOT_CLOSED = "quote_not_closed"


SENTENCES: Mapping[RowCode, str | Promise] = MappingProxyType(
    {
        RowCode.ADDRESS_MISSING: _("The row has no address. Add the address of the content, or leave the row out."),
        RowCode.ADDRESS_TOO_LONG: _(
            "The address is longer than 8,192 bytes. Send the shortest address that still works."
        ),
        RowCode.NOT_AN_ADDRESS: _("“%(value)s” is no web address. Write it like https://example.com/page."),
        RowCode.SEVERAL_ADDRESSES: _("The row holds more than one address. Give each address a row of its own."),
        RowCode.SCHEME_NOT_ALLOWED: _(
            "Addresses beginning with “%(value)s:” cannot be referred. Send one beginning with http: or https:."
        ),
        RowCode.HOST_MISSING: _("The address names no public host. Write it like https://example.com/page."),
        RowCode.HOST_INVALID: _(
            "“%(value)s” cannot be a host name. Correct the part of the address before the first slash."
        ),
        RowCode.CONTROL_CHARACTER: _(
            "The value contains a line break or another control character. Remove it, or give each line its own row."
        ),
        RowCode.NOT_UTF8: _(
            "The row contains bytes that are not UTF-8. Save the file as UTF-8 and send the row again."
        ),
        RowCode.NOT_AN_OBJECT: _('The row is no object with fields. Send it as {"url": "https://example.com/page"}.'),
        RowCode.UNKNOWN_FIELD: _("The field “%(value)s” is not known. Remove it, or use one of: %(known)s."),
        RowCode.WRONG_TYPE: _("The field “%(field)s” must be text. Send it as a string, or leave it out."),
        RowCode.TOO_LONG: _("The field “%(field)s” may have at most %(limit)s characters. Shorten it."),
        RowCode.UNKNOWN_CONTENT_TYPE: _("“%(value)s” is no content type. Use one of: %(known)s."),
        RowCode.UNKNOWN_LANGUAGE: _("“%(value)s” is no language code. Use two letters of ISO 639-1, such as “de”."),
        RowCode.DATE_INVALID: _(
            "“%(value)s” is no date in the form %(known)s. Correct it, or choose another date format."
        ),
        RowCode.DATE_IN_FUTURE: _("The date %(value)s lies in the future. Correct it, or leave it out."),
        RowCode.TOO_MANY_CELLS: _(
            "The row has more cells than the header. Put values that contain separators in quotes."
        ),
        RowCode.CELL_TOO_LONG: _("A cell is longer than 32,000 characters. Shorten it."),
        RowCode.ITEM_MISSING: _("The row names no item. Add the item's reference, such as I-7KQ4-93DM-2F6H-X."),
        RowCode.NOT_YES_OR_NO: _("“%(value)s” is neither yes nor no. Write one of the two, or leave the cell empty."),
        RowCode.TIME_INVALID: _(
            "“%(value)s” is no time. Write it like 2026-12-21T14:30+01:00, or a date in the form %(known)s."
        ),
        RowCode.QUOTE_NOT_CLOSED: _(
            "A quotation mark in this row is never closed. Close it, and send the rows from here on."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class RowError:
    """`value` is what was found, `known` what would have been right; both already short enough to show."""

    code: RowCode
    field: str = ""
    value: str = ""
    known: str = ""
    limit: int = 0

    @property
    def detail(self) -> str:
        """The sentence, in the language of whoever reads it now."""
        facts = {"field": self.field, "value": self.value, "known": self.known, "limit": self.limit}
        return str(SENTENCES[self.code]) % facts


def shown(value: str, limit: int = 80) -> str:
    """A value fit to be repeated in a sentence: printable, on one line, short."""
    clean = "".join(character if character.isprintable() else "�" for character in value[: limit + 1])
    return clean if len(clean) <= limit else f"{clean[: limit - 1]}…"
