"""The matrix of duties by class of provider, cell by cell, as domain.md 2.2 prints it."""

from datetime import date

import pytest

from apps.organisations.models import ServiceType, SizeClass
from apps.organisations.obligations import RULES, Duty, grace_ends, obligations_of

TODAY = date(2026, 11, 24)
S, Z = ServiceType, SizeClass
PROVIDERS = {
    "conduit": (S.INTERMEDIARY, Z.MEDIUM),
    "hosting": (S.HOSTING, Z.MEDIUM),
    "platform": (S.ONLINE_PLATFORM, Z.MEDIUM),
    "small": (S.ONLINE_PLATFORM, Z.SMALL),
    "vlop": (S.ONLINE_PLATFORM, Z.VLOP),
}
# x owed, e exempt for its size, - not for this service; in the order of PROVIDERS
MATRIX = {
    "orders": "xxxxx",
    "contact_authorities": "xxxxx",
    "contact_users": "xxxxx",
    "representative": "xxxxx",
    "terms": "xxxxx",
    "terms_summary": "----x",
    "report": "xxxex",
    "report_half_yearly": "----x",
    "notices": "-xxxx",
    "reasons": "-xxxx",
    "suspicion": "-xxxx",
    "complaints": "--xex",
    "disputes": "--xex",
    "flaggers": "--xex",
    "misuse": "--xex",
    "report_platform": "--xex",
    "recipients": "--xex",
    "recipients_on_request": "--xxx",
    "database": "--xex",
    "terrorism": "-xxxx",
}
SIGNS = {"x": Duty.OWED, "e": Duty.EXEMPT, "-": Duty.NOT_THIS_SERVICE}


def duties(service, size, **facts):
    facts = {"on": TODAY, "in_union": False, **facts}
    return {one.rule.key: one.duty for one in obligations_of(service, size, **facts)}


@pytest.mark.parametrize(("place", "provider"), list(enumerate(PROVIDERS)), ids=PROVIDERS)
def test_each_column_is_the_matrix(place, provider):
    assert duties(*PROVIDERS[provider]) == {key: SIGNS[cells[place]] for key, cells in MATRIX.items()}


def test_every_rule_names_its_law_and_its_article():
    assert {rule.key for rule in RULES} == MATRIX.keys()
    assert all(str(rule.law).startswith("Regulation (EU)") and rule.articles and rule.words for rule in RULES)


def test_a_marketplace_is_an_online_platform():
    assert duties(S.MARKETPLACE, Z.LARGE) == duties(S.ONLINE_PLATFORM, Z.LARGE)


def test_a_micro_provider_of_any_service_publishes_no_report():
    assert {duties(service, Z.MICRO)["report"] for service in S} == {Duty.EXEMPT}
    assert duties(S.HOSTING, Z.MICRO)["terrorism"] is Duty.OWED


class TestOutgrown:
    def test_keeps_its_exemptions_for_twelve_months(self):
        found = obligations_of(S.ONLINE_PLATFORM, Z.MEDIUM, on=TODAY, size_lost_on=date(2025, 11, 25))
        (complaints,) = [one for one in found if one.rule.key == "complaints"]
        assert complaints.duty is Duty.EXEMPT_FOR_NOW and complaints.until == date(2026, 11, 25)

    def test_owes_everything_on_the_day_they_end(self):
        lost = date(2025, 11, 24)
        assert duties(S.ONLINE_PLATFORM, Z.MEDIUM, size_lost_on=lost) == duties(S.ONLINE_PLATFORM, Z.MEDIUM)

    def test_reports_at_once_for_that_exemption_has_no_grace(self):
        assert duties(S.ONLINE_PLATFORM, Z.MEDIUM, size_lost_on=TODAY)["report"] is Duty.OWED

    def test_has_none_once_it_is_designated(self):
        assert Duty.EXEMPT_FOR_NOW not in duties(S.ONLINE_PLATFORM, Z.VLOP, size_lost_on=TODAY).values()

    def test_counts_a_leap_day_to_the_first_of_march(self):
        assert grace_ends(date(2024, 2, 29)) == date(2025, 3, 1)


def test_needs_no_representative_within_the_union():
    assert duties(S.HOSTING, Z.LARGE, in_union=True)["representative"] is Duty.NOT_THIS_SERVICE


def test_the_terrorism_regulation_asks_for_public_content():
    assert duties(S.HOSTING, Z.LARGE, spreads_to_the_public=False)["terrorism"] is Duty.NOT_THIS_SERVICE
