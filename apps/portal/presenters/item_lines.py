"""The addresses of a referral as its page lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.portal.presenters.decisions import facts_of, newest_of
from apps.portal.presenters.masking import shown
from apps.referrals.models import Item
from apps.referrals.transitions import ItemState
from apps.taxonomy.languages import Language
from apps.taxonomy.statements import ContentType

Facts = Sequence[tuple[str | Promise, object]]


@dataclass(frozen=True, slots=True)
class Line:
    """One address. `kind` and `value` say how its pill looks; `facts` are read on demand."""

    reference: str
    url: str
    shown: str
    kind: str
    value: str
    decided_at: datetime | None
    is_open: bool
    about: str
    facts: Facts


def lines_of(items: Sequence[Item], *, hidden: bool) -> Sequence[Line]:
    decisions = newest_of(items)
    return [
        Line(
            reference=item.reference,
            url="" if hidden else item.url,
            shown=shown(item.url, hidden=hidden),
            kind="outcome" if item.outcome else "item",
            value=item.outcome or item.state,
            decided_at=item.decided_at,
            is_open=item.state == ItemState.OPEN,
            about=_about_item(item),
            facts=[*_details(item), *facts_of(decisions.get(item.pk))],
        )
        for item in items
    ]


def _about_item(item: Item) -> str:
    """The one line under an address: what kind of content, whose, and the sender's own number."""
    kind = ContentType(item.content_type).label if item.content_type in ContentType.values else ""
    return " · ".join(str(part) for part in (kind, item.account, item.external_id) if part)


def _details(item: Item) -> Facts:
    language = item.content_language
    pairs: Facts = [
        (_("Note of the sender"), item.note),
        (_("Published on"), item.published_on),
        (_("Language"), Language(language).label if language in Language.values else language),
    ]
    return [(term, value) for term, value in pairs if value]
