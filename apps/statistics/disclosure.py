"""Disclosure control: which rows of a breakdown those who oversee all organisations may not see.

Primary rule: a row that points at somebody (sender, platform, country, size class) is hidden when it has fewer than
five items and one of them is about terrorism or child sexual abuse: behind so few items stands a single filing, and
with it an investigation. Secondary rule: where one row alone would be hidden, the next smallest goes too, or the total
would give it away. Senders add up to countries and platforms to size classes, so the rule holds within each country
and class as well, and who belongs to a hidden country or class is hidden. A hidden row is hidden for every indicator.

Organisations see their own figures whole. Subtracting one period from another is not prevented: docs/indicators.md.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

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
PARENTS = {Dimension.SENDER.value: Dimension.COUNTRY, Dimension.PLATFORM.value: Dimension.SIZE_CLASS}
TELLING = frozenset({*PARENTS, *(parent.value for parent in PARENTS.values())})

Rows = Mapping[str, Counts]


def hidden_rows(
    rows: Rows, *, scope: Scope, by: str, parents_of: Callable[[Iterable[str]], Mapping[str, str]]
) -> frozenset[str]:
    """The keys of the rows that must not be shown; `rows` is the whole breakdown over the whole period.

    `parents_of` tells the country of each sender, the size class of each platform; asked only where rows are hidden.
    """
    telling = {key for key, counts in rows.items() if _is_telling(counts)}
    if scope is not Scope.ALL or by not in TELLING or not telling:
        return frozenset()
    if by not in PARENTS:
        return _not_alone(telling, rows)
    return _with_their_families(telling, rows, parents_of(rows))


def _is_telling(counts: Counts) -> bool:
    return counts.sensitive_items > 0 and counts.sent_items < SMALLEST_SHOWN


def _not_alone(hidden: Collection[str], rows: Rows) -> frozenset[str]:
    """The hidden rows; a single one takes the smallest of the others with it."""
    others = sorted((counts.sent_items, key) for key, counts in rows.items() if counts.sent_items and key not in hidden)
    return frozenset([*hidden, *(key for _items, key in others[:1])] if len(hidden) == 1 else hidden)


def _with_their_families(telling: Collection[str], rows: Rows, parent_of: Mapping[str, str]) -> frozenset[str]:
    families: dict[str, dict[str, Counts]] = defaultdict(dict)
    for key, counts in rows.items():
        families[parent_of.get(key, "")][key] = counts
    hidden: set[str] = set()
    for members in families.values():
        hidden |= _not_alone([key for key in telling if key in members], members)
    sums = {parent: _sum(members.values()) for parent, members in families.items()}
    for parent in _not_alone([parent for parent, counts in sums.items() if _is_telling(counts)], sums):
        hidden |= families[parent].keys()
    return frozenset(hidden)


def _sum(several: Collection[Counts]) -> Counts:
    return Counts(
        sent_items=sum(counts.sent_items for counts in several),
        sensitive_items=sum(counts.sensitive_items for counts in several),
    )
