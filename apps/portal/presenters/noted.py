"""What became of an act on the worklist, in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from apps.portal.forms.item_acts import ItemAct
from apps.referrals.services import DeskCode, Noted


def done_words(act: ItemAct, noted: Sequence[Noted], *, to: str) -> str:
    """Empty where nothing was done. `to`: the colleague."""
    count = sum(one.code is None for one in noted)
    facts = {"count": number_format(count), "to": to}
    return _words(act, count) % facts if count else ""


def left_words(noted: Sequence[Noted]) -> Iterator[str]:
    """Why items were left as they were, one sentence for each reason."""
    for code, count in Counter(one.code for one in noted if one.code).items():
        words = ngettext("%(count)s item was left as it is:", "%(count)s items were left as they are:", count)
        yield f"{words % {'count': number_format(count)}} {DeskCode(code).label}"


def further_words(count: int, *, shown: str) -> str:
    """That a filter matches more than one act takes."""
    words = ngettext(
        "One act takes a thousand items: %(count)s more matches.",
        "One act takes a thousand items: %(count)s more match.",
        count,
    )
    return words % {"count": shown} if count else ""


def _words(act: ItemAct, count: int) -> str:
    if act is ItemAct.CLAIM:
        return ngettext("%(count)s item is yours now.", "%(count)s items are yours now.", count)
    if act is ItemAct.ASSIGN:
        return ngettext("%(count)s item was assigned to %(to)s.", "%(count)s items were assigned to %(to)s.", count)
    if act is ItemAct.RELEASE:
        return ngettext("%(count)s item is nobody's now.", "%(count)s items are nobody's now.", count)
    if act is ItemAct.SNOOZE:
        one = gettext(
            "%(count)s item was put off. It comes back on that day, or four hours before it is due if that is sooner."
        )
        many = gettext(
            "%(count)s items were put off. They come back on that day, or four hours before they are due if that is"
            " sooner."
        )
        return one if count == 1 else many
    if act is ItemAct.WAKE:
        return ngettext("%(count)s item is back on the list.", "%(count)s items are back on the list.", count)
    return ngettext("The number of %(count)s item was noted.", "The number of %(count)s items was noted.", count)
