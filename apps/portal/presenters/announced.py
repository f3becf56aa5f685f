from collections import Counter
from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.referrals.services import Moved


def announced_words(moved: Iterable[Moved]) -> list[tuple[bool, str]]:
    """What became of an announcement for several referrals: whether it was done, and a sentence for each reason."""
    rows = list(moved)
    if not rows:
        return [(False, _("Select the items first."))]
    count = sum(row.done for row in rows)
    words = ngettext(
        "The sender of %(count)s referral can read when the answer comes.",
        "The senders of %(count)s referrals can read when the answers come.",
        count,
    ) % {"count": number_format(count)}
    refused = Counter(str(row.detail) for row in rows if not row.done)
    left = [(False, f"{reason} ({number_format(times)})") for reason, times in refused.items()]
    return [*([(True, words)] if count else []), *left]
