import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.referrals import services
from apps.referrals.services import CaseInvalid
from tests.factories import CaseFactory, ReferralUnitFactory, principal_for


@pytest.fixture
def unit():
    return ReferralUnitFactory()


class TestEditing:
    @pytest.mark.parametrize(("field", "text"), [("title", "  "), ("title", "x" * 201), ("note", "x" * 10_001)])
    def test_names_the_field_that_is_wrong_and_changes_nothing(self, unit, acting, field, text):
        case = CaseFactory(organisation=unit, title="Autumn", note="Ask Anna.")
        officer = principal_for(unit, Role.OFFICER)
        with acting(officer), pytest.raises(CaseInvalid) as refusal:
            services.edit_case(case, **{"title": "New", "note": "New", field: text}, by=officer, at=timezone.now())
        assert list(refusal.value.facts["errors"]) == [field]
        case.refresh_from_db()
        assert (case.title, case.note) == ("Autumn", "Ask Anna.")
        assert not AuditEntry.objects.filter(verb="case.edited").exists()
