"""What a list can be narrowed by. Every value comes from the address, so a filtered list can be kept as a bookmark."""

from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.models import Kind, Organisation
from apps.organisations.models.organisation import SENDERS
from apps.referrals.access import side_of
from apps.referrals.desk import Desk
from apps.referrals.instruments import Instrument
from apps.referrals.selectors import Wanted
from apps.referrals.transitions import DISCLOSED, ItemState, Side, State
from apps.taxonomy.categories import Category
from apps.taxonomy.urgency import Urgency

Choices = Iterable[tuple[str, str | Promise]]

SEARCH_LENGTH = 2048
ONLY = [("1", _("only"))]


class EnvelopeFilters(forms.Form):
    """What a list of referrals and one of items share. Values that are no choice are passed over: no list fails."""

    q = forms.CharField(label=_("Search"), required=False, max_length=SEARCH_LENGTH)
    urgency = forms.MultipleChoiceField(
        label=_("Urgency"), required=False, choices=Urgency.choices, widget=forms.CheckboxSelectMultiple
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All categories")), *Category.choices]
    )

    def __init__(self, data: QueryDict, *, principal: Principal):
        super().__init__(data)
        self.receives = side_of(principal) is Side.RECIPIENT
        self.counterpart = "sender" if self.receives else "platform"
        self.fields[self.counterpart] = counterpart_field(receives=self.receives)

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        facts = self.cleaned_data
        return Wanted(
            search=facts.get("q", ""),
            states=self.states,
            urgencies=tuple(facts.get("urgency", [])),
            category=facts.get("category", ""),
            counterpart=facts.get(self.counterpart, ""),
            overdue=bool(facts.get("overdue")),
        )

    @property
    def states(self) -> tuple[str, ...]:
        raise NotImplementedError


class ReferralFilters(EnvelopeFilters):
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    overdue = forms.ChoiceField(label=_("Overdue"), required=False, choices=ONLY, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, principal: Principal):
        super().__init__(data, principal=principal)
        self.fields["state"] = forms.MultipleChoiceField(
            label=_("State"),
            required=False,
            choices=_states(receives=self.receives),
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data.get("state", []))


class ItemFilters(EnvelopeFilters):
    """A platform sees what it still has to answer unless it asks for more; a sender sees everything."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ItemState.choices, ("all", _("All"))], widget=forms.HiddenInput
    )
    overdue = forms.ChoiceField(label=_("Overdue"), required=False, choices=ONLY, widget=forms.HiddenInput)
    desk = forms.ChoiceField(label=_("Desk"), required=False, choices=Desk.choices, widget=forms.HiddenInput)
    instrument = forms.ChoiceField(
        label=_("Instrument"), required=False, choices=[("", _("All instruments")), *Instrument.choices]
    )

    @property
    def wanted(self) -> Wanted:
        """What is put off is left out of what a platform still has to answer, but never of what is overdue."""
        found = replace(super().wanted, instrument=self.cleaned_data.get("instrument", ""))
        if not self.receives:
            return found
        desk = self.cleaned_data.get("desk", "")
        is_open = found.states == (ItemState.OPEN.value,)
        return replace(found, desk=desk, awake=is_open and not found.overdue and desk != Desk.SNOOZED)

    @property
    def states(self) -> tuple[str, ...]:
        state = self.cleaned_data.get("state") or (ItemState.OPEN.value if self.receives else "all")
        return () if state == "all" else (state,)


class OverdueFilters(EnvelopeFilters):
    """The overdue page: only what is late, whatever its state."""

    @property
    def wanted(self) -> Wanted:
        return replace(super().wanted, overdue=True)

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != Wanted(overdue=True)

    @property
    def states(self) -> tuple[str, ...]:
        return ()


def _states(*, receives: bool) -> Choices:
    """A platform is not offered states it never sees."""
    seen = DISCLOSED | {State.WITHDRAWN} if receives else frozenset(State)
    return [(state.value, state.label) for state in State if state in seen]


def counterpart_field(*, receives: bool) -> forms.ChoiceField:
    """The other side, from the directory: one query."""
    kinds = SENDERS if receives else {Kind.PLATFORM}
    label, everyone = (_("Sender"), _("All senders")) if receives else (_("Platform"), _("All platforms"))
    rows = Organisation.objects.filter(kind__in=kinds, is_active=True, sandbox_of=None).order_by("name")
    names = rows.values_list("slug", "name")
    return forms.ChoiceField(label=label, required=False, choices=[("", everyone), *names])
