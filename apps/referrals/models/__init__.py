from apps.referrals.models.attachment import Attachment
from apps.referrals.models.case import Case, Leftover, Upload
from apps.referrals.models.decision import Decision
from apps.referrals.models.event import Event
from apps.referrals.models.inbound_answer import InboundAnswer, InboundAnswerState
from apps.referrals.models.item import Item
from apps.referrals.models.obligation import Clock, Obligation
from apps.referrals.models.policy import Policy, Target
from apps.referrals.models.preparation import AnswerSheet, AnswerTemplate
from apps.referrals.models.referral import Referral
from apps.referrals.models.statement import Origin, Statement
from apps.referrals.models.statement_export import StatementExport
from apps.referrals.models.statement_file import StatementFile, StatementPlan
from apps.referrals.models.tracking import Tracking

__all__ = [
    "AnswerSheet",
    "AnswerTemplate",
    "Attachment",
    "Case",
    "Clock",
    "Decision",
    "Event",
    "InboundAnswer",
    "InboundAnswerState",
    "Item",
    "Leftover",
    "Obligation",
    "Origin",
    "Policy",
    "Referral",
    "Statement",
    "StatementExport",
    "StatementFile",
    "StatementPlan",
    "Target",
    "Tracking",
    "Upload",
]
