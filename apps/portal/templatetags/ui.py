"""Atoms and slots of the design system. Every one is shown on the component page (`/styleguide/`)."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.portal.presenters.tiles import Event, Step, Tab, Tile
from apps.portal.templatetags import marks
from apps.portal.templatetags.icons import icon

register = template.Library()
register.simple_tag(icon)
ATOMS = (
    marks.pill,
    marks.tag,
    marks.urgency,
    marks.due,
    marks.still,
    marks.clock,
    marks.moment,
    marks.address,
    marks.copy_button,
)
for atom in ATOMS:
    register.simple_tag(atom)

NOTICE_ICONS = {"info": "info", "good": "circle-check", "wait": "triangle-alert", "bad": "octagon-alert"}
MESSAGE_TONES = {"success": "good", "warning": "wait", "error": "bad"}


@register.filter
def tone(level_tag: str) -> str:
    """The tone of a Django message."""
    return MESSAGE_TONES.get(level_tag, "info")


@register.filter
def tone_icon(tone_name: str) -> str:
    """The icon of a tone."""
    return NOTICE_ICONS[tone_name]


@register.filter
def initials(name: str) -> str:
    """Two letters for a person: `Signe Lindqvist` → SL."""
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.inclusion_tag("ui/kpi.html")
def kpi(tile: Tile) -> dict[str, Any]:
    """One key figure with its change, note and sparkline."""
    return {"tile": tile}


@register.inclusion_tag("ui/progress.html")
def progress(value: float, maximum: float, label: str) -> dict[str, Any]:
    """How much of a set is done, as a bar and in numbers."""
    share = min(max(value / maximum, 0), 1) if maximum else 0
    return {"value": value, "maximum": maximum, "label": label, "percent": round(share * 100)}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Iterable[Step]) -> dict[str, Any]:
    """Where a person is in a sequence of pages."""
    return {"steps": list(steps)}


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Iterable[Event]) -> dict[str, Any]:
    """What happened, newest first as given."""
    return {"events": list(events)}


@register.inclusion_tag("ui/tabs.html")
def tabs(tabs: Iterable[Tab], label: str) -> dict[str, Any]:
    """Links between the views of one page; `label` names the group."""
    return {"tabs": list(tabs), "label": label}


@register.inclusion_tag("ui/details.html")
def facts(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A description list of (term, value); empty values show a dash."""
    return {"pairs": list(pairs)}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All errors of a form in one place, each linked to its field. Nothing while the form is fine."""
    return {"form": form}


@register.inclusion_tag("ui/toast.html", takes_context=True)
def toast(context: template.Context, text: str, undo_url: str = "") -> dict[str, Any]:
    """A passing message at the foot of the page, with a way back where there is one."""
    return {"text": text, "undo_url": undo_url, "csrf_token": context.get("csrf_token", "")}


@register.simple_block_tag
def card(content: str, title: str = "", anchor: str = "", flush: bool = False) -> SafeString:
    """A surface with a heading. `flush=True` lets tables touch its edges."""
    return _slot("ui/card.html", content, title=title, anchor=anchor, flush=flush)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A remark inside a page. `tone`: info, good, wait, bad."""
    return _slot("ui/notice.html", content, tone=tone, title=title, symbol=NOTICE_ICONS[tone])


@register.simple_block_tag
def empty(content: str, title: str, symbol: str = "inbox") -> SafeString:
    """What stands where nothing is: why, and what to do next."""
    return _slot("ui/empty.html", content, title=title, symbol=symbol)


@register.simple_block_tag
def dialog(content: str, anchor: str, title: str) -> SafeString:
    """A modal. Opened by `<a href="#anchor" data-dialog>`; without scripts the link shows it in the page."""
    return _slot("ui/dialog.html", content, anchor=anchor, title=title)


@register.simple_block_tag
def disclosure(content: str, title: str) -> SafeString:
    """A part that is read on demand."""
    return _slot("ui/disclosure.html", content, title=title)


@register.simple_block_tag
def bulk_bar(content: str, label: str = "") -> SafeString:
    """Acts on the selected rows of the form around it; stays in sight while rows are selected."""
    return _slot("ui/bulk_bar.html", content, label=label)


def _slot(template_name: str, content: str, **context: object) -> SafeString:
    return render_to_string(template_name, {"content": content, **context})
