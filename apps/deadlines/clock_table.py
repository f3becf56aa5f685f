"""Which clocks of the table start by themselves in this portal today; the others are only listed."""

from apps.referrals.instruments import FILEABLE
from apps.referrals.terms import REPEATS, STATUTORY
from apps.taxonomy.clocks import ClockRule

_OF_LAW = {code for instrument, (code, _clock) in STATUTORY.items() if instrument in FILEABLE}
RUNNING = frozenset(REPEATS.values()) | _OF_LAW


def runs(rule: ClockRule) -> bool:
    return rule.code in RUNNING
