"""The monitoring page: everything on it comes from one compilation, read once."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.charts import Figure
from apps.portal.forms.dashboard import DashboardForm
from apps.portal.presenters import dashboard_figures as figures
from apps.portal.presenters.dashboard_table import Line, PartnerTable, lines_of_indicators, partner_table
from apps.portal.presenters.dashboard_tiles import key_figures
from apps.portal.presenters.tiles import Tile
from apps.statistics.dimensions import MONTH, Dimension, Scope, breakdowns
from apps.statistics.selectors import Counted, counted

LEADS = {
    Scope.SENT: _("What your organisation has sent to platforms, by month of filing."),
    Scope.RECEIVED: _("What your organisation has received, by month of filing."),
    Scope.ALL: _("All referral units, trusted flaggers, authorities and platforms, by month of filing."),
}
PARTNERS = {Scope.SENT: Dimension.PLATFORM, Scope.RECEIVED: Dimension.SENDER, Scope.ALL: Dimension.PLATFORM}


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Without `as_of` nothing has been counted yet, and there is nothing but the form."""

    form: DashboardForm
    lead: str | Promise
    as_of: datetime | None = None
    months_before: int = 0
    tiles: list[Tile] = field(default_factory=list)
    columns: Figure | None = None
    bars: Figure | None = None
    buckets: Figure | None = None
    map: Figure | None = None
    spread: Figure | None = None
    partners: PartnerTable | None = None
    indicators: list[Line] = field(default_factory=list)


def dashboard(principal: Principal, form: DashboardForm, *, scope: Scope, every_partner: bool) -> Dashboard:
    """The page for one principal; raises `PermissionDenied` for those without figures."""
    found = figures_of(principal, form, scope)
    if found.compilation is None:
        return Dashboard(form, LEADS[scope])
    as_of, partner = found.compilation.as_of, PARTNERS[scope]
    before = counted(principal, found.period.before, timed=[""], as_of=as_of)
    return Dashboard(
        form=form,
        lead=LEADS[scope],
        as_of=as_of,
        months_before=len(found.period.months),
        tiles=key_figures(found, before),
        columns=figures.by_month(found),
        bars=figures.by_value(found, form.breakdown),
        buckets=figures.by_time(found),
        map=figures.by_member_state(found) if Dimension.COUNTRY in breakdowns(scope) else None,
        spread=figures.times_by_partner(found, partner),
        partners=partner_table(found, partner, every=every_partner),
        indicators=lines_of_indicators(found),
    )


def figures_of(principal: Principal, form: DashboardForm, scope: Scope) -> Counted:
    """All counts of the page, read together."""
    partner = PARTNERS[scope].value
    places = [Dimension.COUNTRY.value] if Dimension.COUNTRY in breakdowns(scope) else []
    return counted(principal, form.asked, by=[MONTH, form.breakdown, *places], timed=["", MONTH, partner])
