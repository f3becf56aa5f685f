"""What may be done to referrals. Other apps and both interfaces import from here, not from inside."""

from apps.referrals.answers import Answer
from apps.referrals.services.answer_rules import ANSWERABLE, AnswerCode
from apps.referrals.services.answering import Answered, answer
from apps.referrals.services.attaching import AttachmentRefused, GivenFile
from apps.referrals.services.by_link import Linked, answer_by_link, ask_by_link, look_at_link, open_link, revoke_links
from apps.referrals.services.cases import CaseInvalid, edit_case
from apps.referrals.services.conversation import (
    acknowledge,
    acknowledge_set,
    provide_information,
    request_information,
)
from apps.referrals.services.desk import (
    AssigneeRefused,
    DeskCode,
    Noted,
    SnoozePast,
    assign,
    claim,
    number,
    release,
    snooze,
    take_next,
    wake,
)
from apps.referrals.services.filing import Filed, FiledReferral, file, preview
from apps.referrals.services.filing_rules import (
    ExternalIdTaken,
    Filing,
    FilingInvalid,
    InstrumentNotPermitted,
    NothingToFile,
    permitted_instruments,
)
from apps.referrals.services.loading import LoadCode, Loaded, load_statements
from apps.referrals.services.moves import FourEyesRequired, Moved, TextRequired, TransitionNotAllowed
from apps.referrals.services.own_forms import AlreadyNoted, NumberNeeded, note_own_form
from apps.referrals.services.planning import PlanCode, Result, RowResult
from apps.referrals.services.replies import confirm_reply, dismiss_reply, unconfirmed_reply
from apps.referrals.services.review import (
    approve,
    approve_set,
    close,
    close_set,
    return_to_author,
    return_to_author_set,
    submit,
    submit_set,
    withdraw,
    withdraw_set,
)
from apps.referrals.services.sheets import (
    SheetAnswered,
    SheetRow,
    SheetTooLong,
    answer_sheet,
    describe_sheet,
    discard_sheet,
    keep_sheet,
    try_sheet,
)
from apps.referrals.services.statement_exports import (
    ExportUsed,
    discard_export,
    keep_export,
    results_of,
    use_export,
)
from apps.referrals.services.statement_files import file_statements, want_statement_files
from apps.referrals.services.templates import TooManyTemplates, delete_template, keep_template
from apps.referrals.services.uploads import UploadFiled, describe_upload, discard_upload, file_upload, keep_upload
from apps.referrals.statements.detail import Detail

__all__ = [
    "ANSWERABLE",
    "AlreadyNoted",
    "Answer",
    "AnswerCode",
    "Answered",
    "AssigneeRefused",
    "AttachmentRefused",
    "CaseInvalid",
    "DeskCode",
    "Detail",
    "ExportUsed",
    "ExternalIdTaken",
    "Filed",
    "FiledReferral",
    "Filing",
    "FilingInvalid",
    "FourEyesRequired",
    "GivenFile",
    "InstrumentNotPermitted",
    "Linked",
    "LoadCode",
    "Loaded",
    "Moved",
    "Noted",
    "NothingToFile",
    "NumberNeeded",
    "PlanCode",
    "Result",
    "RowResult",
    "SheetAnswered",
    "SheetRow",
    "SheetTooLong",
    "SnoozePast",
    "TextRequired",
    "TooManyTemplates",
    "TransitionNotAllowed",
    "UploadFiled",
    "acknowledge",
    "acknowledge_set",
    "answer",
    "answer_by_link",
    "answer_sheet",
    "approve",
    "approve_set",
    "ask_by_link",
    "assign",
    "claim",
    "close",
    "close_set",
    "confirm_reply",
    "delete_template",
    "describe_sheet",
    "describe_upload",
    "discard_export",
    "discard_sheet",
    "discard_upload",
    "dismiss_reply",
    "edit_case",
    "file",
    "file_statements",
    "file_upload",
    "keep_export",
    "keep_sheet",
    "keep_template",
    "keep_upload",
    "load_statements",
    "look_at_link",
    "note_own_form",
    "number",
    "open_link",
    "permitted_instruments",
    "preview",
    "provide_information",
    "release",
    "request_information",
    "results_of",
    "return_to_author",
    "return_to_author_set",
    "revoke_links",
    "snooze",
    "submit",
    "submit_set",
    "take_next",
    "try_sheet",
    "unconfirmed_reply",
    "use_export",
    "wake",
    "want_statement_files",
    "withdraw",
    "withdraw_set",
]
