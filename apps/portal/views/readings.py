from collections.abc import Sequence
from datetime import datetime

from apps.accounts.http import Request
from apps.audit.services import consulted


def note_reading(request: Request, verb: str, references: Sequence[str], *, at: datetime) -> None:
    """Write down what a page showed to whom. `verb`: `referral.listed`, `item.consulted`, `referral.exported`, …"""
    consulted(
        verb,
        organisation_id=request.principal.organisation_id,
        target_type=verb.partition(".")[0],
        targets=references,
        by=request.principal,
        at=at,
    )
