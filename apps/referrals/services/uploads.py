"""A file on its way to becoming a case: kept, described, filed once, or thrown away."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict
from apps.referrals.intake.rows import BadRow, Row
from apps.referrals.intake.tables import read_table
from apps.referrals.models import Upload
from apps.referrals.services.filing import Filed, file
from apps.referrals.services.filing_rules import Filing

NAME_LENGTH = 200


class UploadFiled(Conflict):
    code = "upload_filed"
    message = _("This file has been filed already. Open the case that was made of it.")


@transaction.atomic
def keep_upload(*, name: str, content: bytes, by: Principal, at: datetime) -> Upload:
    """Keep a file that can be read as a table; raises `TableRefused` for any other."""
    read_table(content)
    upload = Upload.objects.create(
        organisation_id=by.organisation_id,
        key=uuid.uuid4(),
        name=name[-NAME_LENGTH:],
        content=content,
        created_at=at,
        created_by_id=by.person_id,
    )
    _record("upload.kept", upload, Operation.COLLECT, by=by, at=at)
    return upload


@transaction.atomic
def describe_upload(upload: Upload, *, mapping: dict[str, Any], by: Principal, at: datetime) -> Upload:
    """Note which column holds what, and what holds for all rows; may be changed until the file is filed."""
    upload = _lock(upload)
    upload.mapping = mapping
    upload.save(update_fields=["mapping"])
    _record("upload.described", upload, Operation.ALTER, by=by, at=at)
    return upload


@transaction.atomic
def file_upload(
    upload: Upload, filing: Filing, rows: Sequence[Row | BadRow], *, submit: bool, by: Principal, at: datetime
) -> Filed:
    """File the rows of an upload, once. Its bytes go; rows that became no item stay with the case."""
    upload = _lock(upload)
    filed = file(filing, rows, submit=submit, source="upload", by=by, at=at)
    upload.filed_as, upload.content = filed.case, b""
    upload.save(update_fields=["filed_as", "content"])
    return filed


@transaction.atomic
def discard_upload(upload: Upload, *, by: Principal, at: datetime) -> None:
    upload = _lock(upload)
    _record("upload.discarded", upload, Operation.ERASE, by=by, at=at)
    upload.delete()


def _lock(upload: Upload) -> Upload:
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.filed_as:
        raise UploadFiled(case=upload.filed_as)
    return upload


def _record(verb: str, upload: Upload, operation: Operation, *, by: Principal, at: datetime) -> None:
    record(
        verb,
        operation=operation,
        organisation_id=by.organisation_id,
        target_type="upload",
        target=str(upload.key),
        by=by,
        at=at,
    )
