from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.referrals.services import GivenFile
from apps.referrals.transitions import TRANSITIONS, Transition

TEXT_LENGTH = 5000
JUSTIFICATION_LENGTH = 500


class TextTooLong(Refused):
    code = "too_long"
    message = _("The text is longer than 5,000 characters. Shorten it.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move somebody tried to make, with the words they wrote: shown again where it was refused."""

    transition: Transition
    text: str = ""
    files: Sequence["UploadedFile[bytes]"] = ()

    def words(self) -> dict[str, Any]:
        """What the service takes; whether words are needed is the transition's rule, not the form's."""
        if len(self.text) > TEXT_LENGTH:
            raise TextTooLong
        words: dict[str, Any] = {"text": self.text} if TRANSITIONS[self.transition].needs_text else {}
        if self.files and TRANSITIONS[self.transition].takes_files:
            words["files"] = [GivenFile(str(one.name), one.read()) for one in self.files]
        return words


class RevealForm(forms.Form):
    """Why somebody needs to see addresses that are hidden."""

    justification = forms.CharField(
        label=_("Why do you need to see the addresses?"),
        help_text=_("Your reason is kept in the audit log with your name and the time."),
        min_length=10,
        max_length=JUSTIFICATION_LENGTH,
    )
