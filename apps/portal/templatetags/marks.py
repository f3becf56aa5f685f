"""The atoms a list shows hundreds of: drawn in Python, because a template for each costs more than the whole row."""

from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from apps.portal.presenters.clock import Due, ShownClock, describe_due, describe_still, in_short, in_words
from apps.portal.presenters.status import Kind, mark_of
from apps.portal.templatetags.icons import icon
from apps.referrals.intake.addresses import defang

NOTHING = SafeString('<span class="muted">–</span>')


def pill(kind: str, value: str, label: str = "") -> SafeString:
    """A state as icon and word: `{% pill "referral" referral.state %}`. `label` overrides the word."""
    if not label:
        return _known_pill(kind, value, get_language())
    mark = mark_of(kind, value)
    return tag(label, tone=mark.tone, symbol=mark.icon)


def tag(label: str, tone: str = "neutral", symbol: str = "") -> SafeString:
    """A free pill for a word that is no stored state: `{% tag "TLP:AMBER" tone="wait" %}`."""
    return format_html('<span class="pill {}">{}{}</span>', tone, icon(symbol) if symbol else "", label)


def urgency(value: str) -> SafeString:
    """The priority mark."""
    return _known_urgency(value, get_language())


# The look of a deadline: never colour alone.
DUE_ICONS = {
    "late": "clock-alert",
    "soon": "clock-arrow-up",
    "ok": "clock",
    "met": "circle-check",
    "missed": "clock-alert",
    "paused": "circle-pause",
}


def due(
    due_at: datetime | None, now: datetime | None = None, met_at: datetime | None = None, statutory: bool = False
) -> SafeString:
    """A deadline as icon and words, with the exact moment and zone as a tooltip and for screen readers."""
    if due_at is None:
        return NOTHING
    return _clock(describe_due(due_at, now=now or timezone.now(), met_at=met_at), statutory=statutory)


def still(since: datetime | None = None) -> SafeString:
    """A clock that stands still while the sender owes information."""
    return _clock(describe_still(since))


def clock(shown: ShownClock, now: datetime | None = None) -> SafeString:
    """How a clock stands: due, overdue, met or standing still."""
    if shown.is_paused:
        return still(shown.paused_since)
    return due(shown.due_at, now=now, met_at=shown.met_at, statutory=shown.is_statutory and shown.met_at is None)


def _clock(said: Due, *, statutory: bool = False) -> SafeString:
    law = format_html(' <span class="law">{}</span>', gettext("(law)")) if statutory else ""
    if said.at is None:
        return format_html('<span class="due {}">{}{}</span>', said.tone, icon(DUE_ICONS[said.tone]), said.words)
    return format_html(
        '<time class="due {}" datetime="{}" title="{}">{}{}{}<span class="sr">, {}</span></time>',
        said.tone,
        said.at.isoformat(),
        said.exact,
        icon(DUE_ICONS[said.tone]),
        said.words,
        law,
        said.exact,
    )


def moment(at: datetime | None, short: bool = False) -> SafeString:
    """An instant with its zone. `short=True` for narrow columns; the full form is then the tooltip."""
    if at is None:
        return NOTHING
    if not short:
        return format_html('<time class="num" datetime="{}">{}</time>', at.isoformat(), in_words(at))
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>', at.isoformat(), in_words(at), in_short(at)
    )


def address(url: str, copy: bool = True) -> SafeString:
    """A reported address, defanged: it can be read and copied, never clicked."""
    shown = defang(url)
    return format_html(
        '<span class="address line"><code translate="no" dir="ltr" title="{}">{}</code>{}</span>',
        shown,
        shown,
        copy_button(url) if copy else "",
    )


def copy_button(text: str, label: str = "") -> SafeString:
    """Copies `text`; without scripts it is not shown."""
    return format_html(
        '<button class="btn quiet s{} needs-js" type="button" data-copy="{}" data-done="{}">{}{}</button>',
        "" if label else " icon",
        text,
        gettext("Copied."),
        icon("copy"),
        label or format_html('<span class="sr">{}</span>', gettext("Copy")),
    )


@lru_cache(maxsize=512)
def _known_pill(kind: str, value: str, language: str | None) -> SafeString:  # `language` is part of the key
    mark = mark_of(kind, value)
    return tag(str(mark.label), tone=mark.tone, symbol=mark.icon)


@lru_cache(maxsize=64)
def _known_urgency(value: str, language: str | None) -> SafeString:  # `language` is part of the key
    mark = mark_of(Kind.URGENCY, value)
    return format_html('<span class="urgency {}">{}{}</span>', mark.tone, icon(mark.icon), mark.label)
