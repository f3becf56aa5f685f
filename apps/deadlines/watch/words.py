"""How things stand, in plain words: for the page and for the mail."""

from types import MappingProxyType

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.moments import span_in_words
from apps.deadlines.watch.limits import BEAT, SWEEPER, Verdict
from apps.deadlines.watch.state import Pile, Runner

NAMES: MappingProxyType[str, str | Promise] = MappingProxyType(
    {
        BEAT: _("Beat, which starts what is due"),
        SWEEPER: _("Sweeper, which does what was forgotten"),
        "deadlines.watch": _("Look whether everything runs"),
        "delivery.deliver_pending": _("Deliver what is pending"),
        "delivery.knock_pending": _("Challenge and test endpoints"),
        "delivery.tell_of_broken": _("Tell of broken endpoints"),
        "delivery.read_mail": _("Read the mail that came in"),
        "delivery.probe_contacts": _("Ask contact points once a month"),
        "referrals.start_clocks": _("Start the clocks of what was received"),
        "referrals.file_statements": _("File statements of reasons every night"),
        "referrals.collect_replies": _("Find the replies in the mail"),
        "deadlines.chase": _("Climb the ladder of reminders"),
        "verification.check_due": _("Look at claimed removals"),
        "statistics.refresh": _("Count the figures"),
    }
)
VERDICTS: MappingProxyType[Verdict, str | Promise] = MappingProxyType(
    {
        Verdict.FINE: _("Fine"),
        Verdict.AWAITED: _("Awaited"),
        Verdict.FAILED: _("Failed last time"),
        Verdict.LATE: _("Late"),
    }
)


def name_of(name: str) -> str:
    """What a task or process does; its own name where nobody has said it."""
    return str(NAMES.get(name, name))


def of_runner(runner: Runner) -> str:
    """One or two sentences: when it ran, how often it should."""
    every = gettext("Expected every %(span)s.") % {"span": span_in_words(runner.limit.every)}
    return f"{_ran(runner)} {every}"


def _ran(runner: Runner) -> str:
    beats = runner.beats
    if beats is None or beats.last_succeeded_at is None:
        return (
            gettext("Has not run yet.") if beats is None or beats.last_failed_at is None else gettext("Never ran well.")
        )
    ago = span_in_words(runner.ago)
    if runner.verdict is Verdict.LATE:
        if beats.last_failed_at and beats.last_failed_at > beats.last_succeeded_at:
            return gettext("Has failed for %(span)s.") % {"span": ago}
        return gettext("Has not run for %(span)s.") % {"span": ago}
    if runner.verdict is Verdict.FAILED:
        return gettext("Failed last time; ran well %(span)s ago.") % {"span": ago}
    if runner.verdict is Verdict.AWAITED:
        return gettext("Last ran %(span)s ago, before an interruption.") % {"span": ago}
    return gettext("Ran %(span)s ago.") % {"span": ago}


def of_pile(pile: Pile) -> str:
    """How many wait, and for how long the oldest."""
    count = pile.measured.waiting if pile.measured else 0
    if not count:
        return gettext("Nothing waits.") if pile.measured else gettext("Nobody has counted yet.")
    said = formats.number_format(count)
    if pile.is_capped:
        many = gettext("%(count)s or more wait, the oldest for %(span)s.")
    else:
        many = ngettext("%(count)s waits, for %(span)s.", "%(count)s wait, the oldest for %(span)s.", count)
    words = many % {"count": said, "span": span_in_words(pile.age)}
    if pile.is_late and pile.limit is not None:
        words += " " + gettext("More than %(span)s is late.") % {"span": span_in_words(pile.limit)}
    return words
