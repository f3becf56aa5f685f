"""Disclosure control: which rows of a breakdown those who oversee all organisations may not see.

Primary rule: a row by sender, platform or country with fewer than five items, one of them about terrorism or child
sexual abuse, is hidden: behind so few items stands a single filing, and with it an investigation. Secondary rule:
where that hides one row alone, the next smallest goes too, or the total would give it away. A hidden row is hidden
for every indicator. Organisations see their own figures whole. What this does not prevent is subtracting one period
from another; docs/indicators.md says so.
"""

from collections.abc import Mapping

from apps.statistics.counts import Counts
from apps.statistics.dimensions import Dimension, Scope
from apps.taxonomy.areas import Area
from apps.taxonomy.keywords import Keyword

SENSITIVE_AREAS = frozenset({Area.TERRORISM, Area.CSAM})
SENSITIVE_KEYWORDS = frozenset(
    {
        Keyword.TERRORIST_CONTENT,
        Keyword.CHILD_SEXUAL_ABUSE_MATERIAL,
        Keyword.CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE,
    }
)
SMALLEST_SHOWN = 5
TELLING = frozenset({Dimension.SENDER, Dimension.PLATFORM, Dimension.COUNTRY})


def hidden_rows(rows: Mapping[str, Counts], *, scope: Scope, by: str) -> frozenset[str]:
    """The keys of the rows that must not be shown; `rows` is the whole breakdown over the whole period."""
    if scope is not Scope.ALL or by not in TELLING:
        return frozenset()
    hidden = {key for key, counts in rows.items() if _is_telling(counts)}
    if len(hidden) == 1:
        others = [key for key, counts in rows.items() if key not in hidden and counts.sent_items]
        hidden.update(sorted(others, key=lambda key: (rows[key].sent_items, key))[:1])
    return frozenset(hidden)


def _is_telling(counts: Counts) -> bool:
    return counts.sensitive_items > 0 and counts.sent_items < SMALLEST_SHOWN
