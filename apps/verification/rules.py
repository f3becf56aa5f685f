"""Which claims may be looked at by a machine. One condition, read by whoever plans, takes and retires looks."""

from typing import Any

from apps.taxonomy.areas import WITHOUT_MATERIAL
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.sharing import Pap
from apps.verification.findings import BY_COUNTRY, CLAIMS

DAYS = (1, 7, 30)
# The child-abuse lane, whatever area the filing names.
NEVER_KEYWORDS = (
    Keyword.CHILD_SEXUAL_ABUSE_MATERIAL,
    Keyword.CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE,
    Keyword.GROOMING_SEXUAL_ENTICEMENT_MINORS,
)

# Of `i` (item), `r` (referral), `s` and `p` (sender and platform) and `k` (the sender's own switch).
ALLOWED = """
    k.is_on AND s.sandbox_of_id IS NULL AND p.sandbox_of_id IS NULL
    AND r.pap = ANY(%(pap)s) AND r.area <> ALL(%(areas)s) AND NOT (r.keywords && %(keywords)s::varchar[])
    AND i.state = 'decided' AND i.outcome = ANY(%(outcomes)s)
"""
OF_ITEM = """
    JOIN referrals_referral r ON r.id = i.referral_id
    JOIN organisations_organisation s ON s.id = i.sender_id
    JOIN organisations_organisation p ON p.id = i.recipient_id
    JOIN verification_checker k ON k.organisation_id = i.sender_id
"""


def facts() -> dict[str, Any]:
    """The parameters of `ALLOWED`."""
    return {
        "pap": [pap.value for pap in Pap if pap.allows_address_checks],
        "areas": sorted(WITHOUT_MATERIAL),
        "keywords": [keyword.value for keyword in NEVER_KEYWORDS],
        "outcomes": sorted(CLAIMS - BY_COUNTRY),
    }
