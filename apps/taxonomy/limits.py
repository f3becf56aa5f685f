"""How long something may take, and what a question does to it: the words that clocks, targets and policies share."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Unit(TextChoices):
    """Hours are counted from the moment on; days and months run to the end of their last day, in the zone of whoever
    has to act. The day on which a period begins is not counted.
    """

    HOURS = "hours", _("Hours")
    CALENDAR_DAYS = "calendar_days", _("Calendar days")
    WORKING_DAYS = "working_days", _("Working days")
    MONTHS = "months", _("Months")


class OnQuestion(TextChoices):
    """What happens to a clock while the sender owes information."""

    PAUSE = "pause", _("stands still, and runs on with the answer")
    RESTART = "restart", _("stands still, and begins anew with the answer")
    RUN = "run", _("runs on")


@dataclass(frozen=True, slots=True)
class Limit:
    amount: int
    unit: Unit

    @property
    def words(self) -> str:
        return limit_in_words(self.amount, self.unit)


def limit_in_words(amount: int, unit: str) -> str:
    """`1 hour`, `2 working days`."""
    said: str | Promise
    if unit == Unit.HOURS:
        said = ngettext("%(count)s hour", "%(count)s hours", amount)
    elif unit == Unit.CALENDAR_DAYS:
        said = ngettext("%(count)s calendar day", "%(count)s calendar days", amount)
    elif unit == Unit.WORKING_DAYS:
        said = ngettext("%(count)s working day", "%(count)s working days", amount)
    else:
        said = ngettext("%(count)s month", "%(count)s months", amount)
    return said % {"count": amount}
