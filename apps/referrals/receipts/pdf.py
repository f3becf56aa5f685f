"""The receipt on paper: tagged (PDF/UA-1), for the archive (PDF/A-3), with its data inside as `receipt.json`."""

import json
import threading
from functools import lru_cache
from importlib.resources import files
from typing import Any

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.delivery.models import Channel, DeliveryState, Message
from apps.organisations.models import Kind
from apps.referrals.instruments import Instrument
from apps.referrals.models.event import Verb
from apps.referrals.receipts.chain import canonical
from apps.referrals.receipts.facts import Receipt
from apps.referrals.transitions import ItemState
from apps.taxonomy.areas import Area
from apps.taxonomy.outcomes import Outcome

STANDARDS: Any = ["a-3a", "ua-1"]
_one_at_a_time = threading.Lock()


def receipt_pdf(receipt: Receipt) -> bytes:
    """The same receipt in the same language gives the same bytes. Takes some ten milliseconds for ten items."""
    inputs = {
        "data": canonical(receipt.data).decode(),
        "words": json.dumps(_words(receipt), ensure_ascii=False),
        "language": (get_language() or "en").partition("-")[0],
    }
    with _one_at_a_time:
        try:
            return _made(receipt, inputs, STANDARDS)
        except typst.TypstError:  # a name in a script without a font of ours: the standards forbid an empty box
            return _made(receipt, inputs, [])


def _made(receipt: Receipt, inputs: dict[str, str], standards: Any) -> bytes:
    made = _compiler().compile(
        _template(), format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=receipt.as_of, pdf_tags=True
    )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Fonts are the compiler's own, so that every machine sets the same page."""
    return typst.Compiler(ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files(__package__).joinpath("receipt.typ").read_bytes()


def _words(receipt: Receipt) -> dict[str, Any]:
    """Everything the template says, in the reader's language; codes stand beside their words in the data."""
    choices = (Instrument, Area, Verb, Outcome, ItemState, Channel, DeliveryState, Message)
    return {
        "codes": {code: str(label) for kind in choices for code, label in kind.choices},
        "sides": {"sender": _("Sender"), "recipient": str(Kind.PLATFORM.label), "portal": _("Portal")},
        "title": _("Receipt for %(reference)s") % {"reference": receipt.reference},
        "lead": _("What was sent, what became of it, and when. Both sides get the same receipt. All times are UTC."),
        "parties": _("Parties and instrument"),
        "facts": _facts(),
        "items": _("Addresses"),
        "item_columns": [_("Reference"), _("Address"), _("Outcome"), _("Decided")],
        "hidden": _("Address hidden"),
        "deliveries": _("Messages"),
        "delivery_columns": [_("Message"), _("To"), _("Channel"), _("State"), _("Sent"), _("Received")],
        "events": _("What happened"),
        "event_columns": [_("Time"), _("By"), _("Event"), _("Link of the chain (SHA-256)")],
        "proof": _("Proof"),
        "how": _(
            "The attached file receipt.json holds these facts. Write “content” as JSON with sorted keys and without"
            " spaces: its SHA-256 is the digest of the content. Each link is the SHA-256 of the link before it, as 32"
            " bytes, followed by its event written the same way; the first follows the digest of the content."
        ),
        "content_digest": _("Digest of the content"),
        "chain_digest": _("Last link of the chain"),
        "page": _("Page"),
        "of": _("of"),
    }


def _facts() -> dict[str, str]:
    return {
        "referral": _("Reference"),
        "sender": _("Sender"),
        "recipient": _("Platform"),
        "instrument": _("Instrument"),
        "area": _("Area"),
        "sent_at": _("Sent"),
        "as_of": _("State as of"),
    }
