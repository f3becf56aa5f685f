"""The editor of a policy: lines that are added and taken out without scripts, a preview, and only then the save."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.deadlines.ladder import HIGHEST_PERCENT, LADDER, OWN
from apps.deadlines.policies import MOST, MOST_LINES, Line, Version, differences, full_ladder, moved_rungs
from apps.organisations.models import SizeClass
from apps.referrals.instruments import FILEABLE
from apps.taxonomy.areas import Area
from apps.taxonomy.limits import Unit
from apps.taxonomy.urgency import Urgency

PREFIX, LADDER_PREFIX = "lines", "ladder"
REMOVE = "remove-"
UNITS = [(unit.value, unit.label) for unit in (Unit.HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)]
BLANK = {"unit": Unit.HOURS.value}


class LineForm(forms.Form):
    """One line: which referrals, and within what time."""

    instrument = forms.ChoiceField(
        label=gettext_lazy("Instrument"),
        required=False,
        choices=[("", gettext_lazy("Any")), *((one.value, one.label) for one in FILEABLE)],
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area"), required=False, choices=[("", gettext_lazy("Any")), *Area.choices]
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), required=False, choices=[("", gettext_lazy("Any")), *Urgency.choices]
    )
    size_class = forms.ChoiceField(
        label=gettext_lazy("Platform size"),
        required=False,
        choices=[("", gettext_lazy("Any")), *SizeClass.choices],
    )
    amount = forms.IntegerField(
        label=gettext_lazy("Within"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=UNITS)

    use_required_attribute = False

    def __init__(self, *args: Any, of_platform: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if of_platform:
            del self.fields["size_class"]

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        most = MOST.get(words.get("unit", ""), 0)
        if words.get("amount", 0) > most > 0:
            self.add_error("amount", _("At most %(most)s of this unit.") % {"most": most})
        return words

    def line(self) -> Line:
        return Line(**self.cleaned_data)


if TYPE_CHECKING:  # generic for the checker alone
    _FormSet = forms.BaseFormSet[LineForm]
else:
    _FormSet = forms.BaseFormSet


class LineForms(_FormSet):
    def clean(self) -> None:
        """Two lines about the same referrals: the second is marked."""
        seen: dict[tuple[str, ...], int] = {}
        for number, form in enumerate(self.forms, start=1):
            if form.errors:
                continue
            first = seen.setdefault(form.line().about, number)
            if first != number:
                facts = {"first": first}
                form.add_error("urgency", _("Line %(first)s is about the same referrals. Keep one of them.") % facts)


LINES = forms.formset_factory(
    LineForm, formset=LineForms, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES + 1, validate_max=True
)


class AboutForm(forms.Form):
    """What is said about the version as a whole, and the version that was changed."""

    note = forms.CharField(
        label=gettext_lazy("What has changed, and why"),
        help_text=gettext_lazy("Kept with the version. Everybody who may read the rules may read it."),
        required=False,
        max_length=300,
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class LadderForm(forms.Form):
    """When reminders are sent, in percent of the time; 100 is the due time."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for step in LADDER:
            self.fields[step.rung.value] = forms.IntegerField(
                label=step.rung.label,
                min_value=0,
                max_value=HIGHEST_PERCENT,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if not self.errors and not any(words.values()):
            self.add_error(LADDER[0].rung.value, _("Every step is switched off. Keep at least one."))
        return words

    def ladder(self) -> dict[str, int]:
        """Empty where it is the portal's own: that one may grow with the portal."""
        return {} if self.cleaned_data == OWN else dict(self.cleaned_data)


class PolicyEditor:
    """The whole page as one form. Adding or taking out a line checks nothing and loses nothing."""

    def __init__(self, data: QueryDict | None, *, newest: Version | None, of_platform: bool):
        self.newest, self.of_platform = newest, of_platform
        self.act = data.get("do", "") if data is not None else ""
        self.problem: str | Promise = ""
        self._based_on = data.get("based_on", "") if data is not None else str(self.number)
        bound = data if self.act in {"preview", "save"} else None
        initial = None if bound is not None else self._initial(data)
        self.lines = LINES(bound, initial=initial, prefix=PREFIX, form_kwargs={"of_platform": of_platform})
        self.steps = LadderForm(bound, initial=self._percents(data), prefix=LADDER_PREFIX)
        self.about = AboutForm(bound, initial={"note": data.get("note", "") if data is not None else ""})

    @property
    def is_checked(self) -> bool:
        return self.lines.is_bound and self.is_valid()

    def is_valid(self) -> bool:
        return all([self.lines.is_valid(), self.about.is_valid(), self.of_platform or self.steps.is_valid()])

    @property
    def wants_save(self) -> bool:
        """Saving needs a preview of exactly these lines; otherwise it is one."""
        return self.act == "save" and self.is_checked and self.about.cleaned_data["seen"] == self.fingerprint

    @property
    def wanted(self) -> list[Line]:
        return [form.line() for form in self.lines.forms]

    @property
    def has_changed(self) -> bool:
        lines, ladder = (self.newest.lines, self.newest.ladder) if self.newest else ([], {})
        return bool(differences(lines, self.wanted) or moved_rungs(ladder, self.ladder))

    @property
    def ladder(self) -> dict[str, int]:
        """A platform has none: it is the sender's that is climbed."""
        return {} if self.of_platform else self.steps.ladder()

    @property
    def fingerprint(self) -> str:
        """Of what was previewed: lines, and the version they change."""
        told = repr(([(*line.about, line.amount, line.unit) for line in self.wanted], self.ladder, self.number))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def number(self) -> int:
        return self.newest.number if self.newest else 0

    @property
    def is_stale(self) -> bool:
        """Somebody has saved another version since the page was shown; what is shown now is compared with that one."""
        return self.is_checked and self.about.cleaned_data["based_on"] != self.number

    @property
    def base(self) -> int | str:
        """The version the page goes on from: the newest where its lines are shown beside it."""
        return self.number if self.is_checked else self._based_on

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def errors(self) -> Sequence[tuple[str, str]]:
        """(id of the field, words) of everything that is wrong; nothing while nothing was checked."""
        if not self.lines.is_bound:
            return []
        told = [("", str(error)) for error in self.lines.non_form_errors()]
        for number, form in enumerate(self.lines.forms, start=1):
            told += _told(form, _("Line %(number)s, %(field)s: %(error)s"), number)
        if not self.of_platform:
            told += _told(self.steps, _("%(field)s: %(error)s"), 0)
        return told + _told(self.about, _("%(field)s: %(error)s"), 0)

    def _initial(self, data: QueryDict | None) -> list[dict[str, Any]]:
        if data is None:
            return [_raw(line) for line in self.newest.lines] if self.newest else [dict(BLANK)]
        count = LINES(data, prefix=PREFIX).total_form_count()
        rows = [{name: data.get(f"{PREFIX}-{at}-{name}", "") for name in LineForm.base_fields} for at in range(count)]
        if self.act == "add" and count < MOST_LINES:
            return [*rows, dict(BLANK)]
        gone = self.act.removeprefix(REMOVE)
        return [row for at, row in enumerate(rows) if str(at) != gone] if self.act.startswith(REMOVE) else rows

    def _percents(self, data: QueryDict | None) -> dict[str, Any]:
        if data is None:
            return full_ladder(self.newest.ladder if self.newest else {})
        return {rung: data.get(f"{LADDER_PREFIX}-{rung}", percent) for rung, percent in OWN.items()}


def _raw(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LineForm.base_fields}


def _told(form: forms.Form, words: str, number: int) -> list[tuple[str, str]]:
    return [
        (field.auto_id, words % {"number": number, "field": field.label, "error": error})
        for field in form
        for error in field.errors
    ]
