from collections.abc import Sequence
from datetime import datetime

from apps.accounts.principal import Principal
from apps.portal.presenters.dashboard_tiles import key_figures
from apps.portal.presenters.tiles import Tile
from apps.statistics.access import scope_of
from apps.statistics.dimensions import MONTH
from apps.statistics.periods import Period, month_of
from apps.statistics.selectors import counted

SHOWN = 4
MONTHS = 12


def tiles(*, by: Principal, now: datetime) -> Sequence[Tile]:
    """The first key figures of the last twelve months; none where there are none to see, or none yet."""
    if scope_of(by) is None:
        return []
    found = counted(by, Period.up_to(month_of(now), months=MONTHS), timed=["", MONTH])
    if found.compilation is None:
        return []
    before = counted(by, found.period.before, timed=[""], as_of=found.compilation.as_of)
    return key_figures(found, before)[:SHOWN]
