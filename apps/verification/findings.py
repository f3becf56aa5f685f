"""What a look at an address can find, and what that says about a platform's claim to have removed it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.outcomes import REMOVALS, Outcome

# Outcomes by which a platform says: it is not there (any more).
CLAIMS = REMOVALS | {Outcome.ALREADY_REMOVED, Outcome.NOT_FOUND}
# Of these the checker cannot say anything: it stands in one country alone.
BY_COUNTRY = frozenset({Outcome.DISABLED_COUNTRIES})


class Finding(TextChoices):
    GONE = "gone", _("Gone")
    TOMBSTONE = "tombstone", _("Gone, with a notice of its removal")
    SOFT_NOT_FOUND = "soft_not_found", _("Gone: a page that says so")
    GEO_BLOCKED = "geo_blocked", _("Blocked for the place it was looked at from")
    LOGIN_WALL = "login_wall", _("Behind a sign-in")
    REDIRECTED_AWAY = "redirected_away", _("Leads elsewhere")
    PARKED = "parked", _("The domain is for sale or parked")
    STILL_THERE = "still_there", _("Still there")
    UNREACHABLE = "unreachable", _("Could not be reached")
    UNCLEAR = "unclear", _("Unclear")


class Reason(TextChoices):
    """Why the checker found what it found. Codes of its evidence: they may be added to, never changed."""

    BY_HAND = "by_hand", _("Somebody looked.")
    STATUS_404 = "status_404", _("The server says that there is nothing (404).")
    STATUS_410 = "status_410", _("The server says that it was taken away (410).")
    STATUS_451 = "status_451", _("The server says that it is withheld for legal reasons (451).")
    REMOVAL_NOTICE = "removal_notice", _("The page says that the content was removed.")
    NOT_FOUND_NOTICE = "not_found_notice", _("The page says that there is nothing, though its status does not.")
    LIKE_MADE_UP = "like_made_up", _("The page is the same as that of a made-up address.")
    NOT_FOUND_ADDRESS = "not_found_address", _("It leads to the address of an error page.")
    PLACE_NOTICE = "place_notice", _("The page says that it is not available in this place.")
    SIGN_IN = "sign_in", _("The page asks to sign in.")
    OTHER_HOST = "other_host", _("It leads to another site.")
    FRONT_PAGE = "front_page", _("It leads to the front page.")
    OTHER_PAGE = "other_page", _("It leads to another page.")
    PARKING_PAGE = "parking_page", _("The page offers the domain for sale, or is a placeholder.")
    PAGE = "page", _("The page is there, and unlike that of a made-up address.")
    FILE = "file", _("The file is there, and a made-up address has none.")
    NEEDS_SCRIPTS = "needs_scripts", _("The page shows nothing without scripts.")
    EMPTY = "empty", _("The page is empty.")
    BOT_WALL = "bot_wall", _("The page asks for proof of being human.")
    REFUSED = "refused", _("The server refuses to say.")
    UNREADABLE = "unreadable", _("The answer is in a form that is not read.")
    IN_DOUBT = "in_doubt", _("The page could be either.")
    TOO_MANY_REDIRECTS = "too_many_redirects", _("It leads on and on.")
    ADDRESS_REFUSED = "address_refused", _("The address does not lie on the public internet.")
    OVERLOADED = "overloaded", _("The server has a problem or asks to wait.")
    FORBIDDEN = "forbidden", _("The name does not lead to the public internet.")
    NAME = "name", _("The name leads nowhere.")
    TLS = "tls", _("No secure connection could be made.")
    TIMEOUT = "timeout", _("No answer came in time.")
    CONNECTION = "connection", _("No connection could be made.")


ABSENT = frozenset({Finding.GONE, Finding.TOMBSTONE, Finding.SOFT_NOT_FOUND})
BY_PERSON = (Finding.GONE, Finding.STILL_THERE, Finding.UNCLEAR)


def confirms(finding: str, outcome: str) -> bool:
    """Whether a finding verifies what the platform claims. A block by place does where that is what was claimed."""
    if finding == Finding.GEO_BLOCKED:
        return outcome in {Outcome.DISABLED_EU, Outcome.DISABLED_COUNTRIES}
    return finding in ABSENT and outcome in CLAIMS


def contradicts(finding: str, outcome: str) -> bool:
    """Whether it is there though the platform says that it is not."""
    return finding == Finding.STILL_THERE and outcome in CLAIMS and outcome not in BY_COUNTRY


class Standing(TextChoices):
    """What the looks since a claim say about it, all together."""

    NOT_VERIFIED = "not_verified", _("Not verified")
    VERIFIED_GONE = "verified_gone", _("Verified gone")
    STILL_THERE = "still_there", _("Still there")
    BACK_AGAIN = "back_again", _("Back again")
