from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.referrals.services import Filed, Result
from apps.referrals.transitions import State


def words_of(filed: Filed) -> str:
    """What a filing did, in two or three sentences."""
    count = filed.counts.get(Result.FILED, 0)
    facts = {"case": filed.case, "addresses": addresses(count), "platforms": platforms(len(filed.referrals))}
    sentences = [_("Case %(case)s holds %(addresses)s for %(platforms)s.") % facts, _state_in_words(filed)]
    left = len(filed.rows) - count
    if left:
        words = ngettext("%(count)s row was left over.", "%(count)s rows were left over.", left)
        sentences.append(words % {"count": number_format(left)})
    return " ".join(sentences)


def addresses(count: int) -> str:
    return ngettext("%(count)s address", "%(count)s addresses", count) % {"count": number_format(count)}


def platforms(count: int) -> str:
    return ngettext("%(count)s platform", "%(count)s platforms", count) % {"count": number_format(count)}


def _state_in_words(filed: Filed) -> str:
    state = filed.referrals[0].state if filed.referrals else State.DRAFT
    if state == State.SENT:
        return _("It was sent.")
    if state == State.IN_REVIEW:
        return _("It waits for somebody else to approve it.")
    return _("It is a draft: nothing was sent.")
