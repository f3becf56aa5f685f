"""What becomes of an answer: one valid statement for each decision that restricts, none for the others."""

from datetime import date, timedelta

import pytest

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Decision, Item, Origin, Statement
from apps.referrals.services import Answer, AnswerCode, Detail
from apps.referrals.statements.preview import preview_statement
from apps.referrals.statements.rules import problems
from apps.referrals.transitions import State
from apps.taxonomy.territories import EEA, MEMBER_STATES
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.statements.checker import faults

TUESDAY = MONDAY + timedelta(days=1)
LAW = {"ground": "DECISION_GROUND_ILLEGAL_CONTENT", "legal_ground": "Directive (EU) 2017/541, Article 5"}
TERMS = {"ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT", "legal_ground": "Guidelines, 4.2"}


@pytest.fixture
def platform():
    return PlatformFactory.create()


@pytest.fixture
def contact(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def item(platform):
    ReferralFactory.create(
        recipient=platform,
        state=State.RECEIVED,
        items=1,
        items__content_type="CONTENT_TYPE_VIDEO",
        items__content_language="el",
        items__published_on=date(2026, 2, 1),
    )
    return Item.objects.select_related("referral").get()


def answered(item, contact, **facts):
    """The results of answering one item, as whoever acts."""
    one = Answer(item=item.reference, **{"outcome": "REMOVED", **LAW, **facts})
    with acting_as(contact):
        return services.answer([one], channel="api", by=contact, at=TUESDAY)


def content_of(item, contact, **facts):
    assert [one.code for one in answered(item, contact, **facts)] == [None]
    found = Statement.objects.get().content
    assert problems(found) == [] and faults(found) == []
    return found


class TestWhatIsDerived:
    def test_of_a_removal(self, item, contact):
        found = content_of(item, contact, explanation="It calls for an attack.", acted_at=MONDAY)

        assert found.pop("puid").startswith(item.reference + "-")
        assert found == {
            "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
            "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
            "illegal_content_legal_ground": "Directive (EU) 2017/541, Article 5",
            "illegal_content_explanation": "It calls for an attack.",
            "content_type": ["CONTENT_TYPE_VIDEO"],
            "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
            "category_specification": ["KEYWORD_TERRORIST_CONTENT"],
            "territorial_scope": [country.value for country in EEA],
            "content_language": "EL",
            "content_date": "2026-02-01",
            "application_date": "2026-03-02",
            "decision_facts": "The content was reported to the provider on 2026-03-02. The provider examined it and"
            " decided: Removal of content.",
            "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
            "automated_detection": "No",
            "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        }

    def test_belongs_to_the_platform_its_item_and_its_decision(self, item, contact, platform):
        content_of(item, contact)
        found = Statement.objects.get()
        assert (found.organisation_id, found.item_id, found.decision_id) == (
            platform.pk,
            item.pk,
            Decision.objects.get().pk,
        )
        assert (found.origin, found.schema_version, found.puid) == (Origin.PORTAL, "2", found.content["puid"])

    @pytest.mark.parametrize(
        ("instrument", "source"),
        [
            ("referral", "SOURCE_TYPE_OTHER_NOTIFICATION"),
            ("notice", "SOURCE_ARTICLE_16"),
            ("trusted_flagger_notice", "SOURCE_TRUSTED_FLAGGER"),
        ],
    )
    def test_the_source_follows_from_the_instrument(self, item, contact, instrument, source):
        item.referral.instrument = instrument
        item.referral.save()
        found = content_of(item, contact)
        assert found["source_type"] == source
        assert "source_identity" not in found

    @pytest.mark.parametrize("outcome", ["NO_ACTION", "ALREADY_REMOVED", "NOT_FOUND", "NOT_OUR_SERVICE", "FORWARDED"])
    def test_nothing_where_nothing_is_restricted(self, item, contact, outcome):
        needed = {"NO_ACTION": {"refusal_reason": "COUNTER_SPEECH"}, "FORWARDED": {"forwarded_to": "Another Host"}}
        facts = needed.get(outcome, {})
        assert answered(item, contact, outcome=outcome, **facts)[0].result == "decided"
        assert not Statement.objects.exists()

    @pytest.mark.parametrize("instrument", ["removal_order", "order_to_act"])
    def test_nothing_of_an_order(self, item, contact, instrument):
        """DSA Art 17(5)."""
        item.referral.instrument = instrument
        item.referral.save()
        assert answered(item, contact)[0].result == "decided"
        assert not Statement.objects.exists()

    def test_without_an_explanation_no_more_than_the_ground_says(self, item, contact):
        found = content_of(item, contact, **TERMS)
        assert found["incompatible_content_explanation"].startswith("The provider found the content")
        assert Decision.objects.get().explanation == ""

    @pytest.mark.parametrize(
        ("facts", "countries"),
        [
            ({"outcome": "DISABLED_EU"}, [one.value for one in MEMBER_STATES]),
            ({"outcome": "DISABLED_GLOBAL"}, [one.value for one in EEA]),
            ({"outcome": "DISABLED_COUNTRIES", "territorial_scope": ("GR", "DE", "GR")}, ["GR", "DE"]),
        ],
    )
    def test_the_territory_is_that_of_the_outcome(self, item, contact, facts, countries):
        assert content_of(item, contact, **facts)["territorial_scope"] == countries

    def test_an_item_that_says_little_still_yields_a_valid_one(self, platform, contact):
        ReferralFactory.create(
            recipient=platform,
            state=State.RECEIVED,
            category="STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER",
            keywords=["KEYWORD_OTHER"],
            items__content_language="und",
            items__published_on=date(1999, 1, 1),
        )
        found = content_of(Item.objects.get(), contact)
        assert found["content_type"] == ["CONTENT_TYPE_OTHER"]
        assert found["content_type_other"] == "The type of the content was not stated."
        assert found["content_date"] == "2026-03-02", "the day it was filed"
        assert found["category"] == "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"
        assert not found.keys() & {"content_language", "category_specification"}


class TestWhatIsSaid:
    def test_takes_the_place_of_what_would_be_derived(self, item, contact):
        detail = Detail(
            decision_visibility_other="Shown behind a warning",
            account_type="ACCOUNT_TYPE_BUSINESS",
            decision_ground_reference_url="https://video.example/terms",
            incompatible_content_illegal=True,
            content_type=("CONTENT_TYPE_PRODUCT", "CONTENT_TYPE_TEXT"),
            category="STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
            category_addition=("STATEMENT_CATEGORY_SCAMS_AND_FRAUD",),
            category_specification=("KEYWORD_UNSAFE_PRODUCTS",),
            category_specification_other="Fireworks",
            content_language="DE",
            content_date=date(2026, 1, 31),
            end_date_visibility_restriction=date(2026, 6, 1),
            end_date_account_restriction=date(2026, 5, 1),
            decision_facts="Three listings of the same seller.",
            source_identity="Referral Unit 1",
            ean_13="4006381333931",
        )
        three = ["DECISION_VISIBILITY_OTHER", "DECISION_ACCOUNT_SUSPENDED", "DECISION_VISIBILITY_CONTENT_DEMOTED"]
        found = content_of(
            item,
            contact,
            outcome="PARTIAL",
            explanation="Seen by two people.",
            restrictions=[
                "DECISION_VISIBILITY_OTHER",
                "DECISION_ACCOUNT_SUSPENDED",
                "DECISION_VISIBILITY_CONTENT_DEMOTED",
            ],
            automated_detection=True,
            automated_decision="AUTOMATED_DECISION_PARTIALLY",
            detail=detail,
            **TERMS,
        )
        assert found.pop("puid")
        assert found == {
            "decision_visibility": ["DECISION_VISIBILITY_OTHER", "DECISION_VISIBILITY_CONTENT_DEMOTED"],
            "decision_visibility_other": "Shown behind a warning",
            "decision_account": "DECISION_ACCOUNT_SUSPENDED",
            "account_type": "ACCOUNT_TYPE_BUSINESS",
            "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
            "decision_ground_reference_url": "https://video.example/terms",
            "incompatible_content_ground": "Guidelines, 4.2",
            "incompatible_content_explanation": "Seen by two people.",
            "incompatible_content_illegal": "Yes",
            "content_type": ["CONTENT_TYPE_PRODUCT", "CONTENT_TYPE_TEXT"],
            "category": "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
            "category_addition": ["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"],
            "category_specification": ["KEYWORD_UNSAFE_PRODUCTS", "KEYWORD_OTHER"],
            "category_specification_other": "Fireworks",
            "territorial_scope": [one.value for one in EEA],
            "content_language": "DE",
            "content_date": "2026-01-31",
            "application_date": "2026-03-03",
            "end_date_visibility_restriction": "2026-06-01",
            "end_date_account_restriction": "2026-05-01",
            "decision_facts": "Three listings of the same seller.",
            "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
            "source_identity": "Referral Unit 1",
            "automated_detection": "Yes",
            "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
            "content_id": {"EAN-13": "4006381333931"},
        }
        decision = Decision.objects.get()
        assert decision.ends_on == date(2026, 6, 1)
        assert decision.restrictions == three

    @pytest.mark.parametrize(
        ("outcome", "restriction", "name"),
        [
            ("MONETARY", "DECISION_MONETARY_SUSPENSION", "decision_monetary"),
            ("SERVICE", "DECISION_PROVISION_TOTAL_TERMINATION", "decision_provision"),
            ("PARTIAL", "DECISION_ACCOUNT_TERMINATED", "decision_account"),
        ],
    )
    def test_an_outcome_that_leaves_it_open_needs_the_restriction(self, item, contact, outcome, restriction, name):
        assert answered(item, contact, outcome=outcome)[0].code == AnswerCode.RESTRICTION_REQUIRED
        assert content_of(item, contact, outcome=outcome, restrictions=(restriction,))[name] == restriction

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"restrictions": ("DECISION_MONETARY",)}, AnswerCode.UNKNOWN_RESTRICTION),
            ({"outcome": "NOT_FOUND", "restrictions": ("DECISION_MONETARY_OTHER",)}, AnswerCode.RESTRICTION_NOT_TAKEN),
            ({"outcome": "NOT_FOUND", "puid": "x"}, AnswerCode.RESTRICTION_NOT_TAKEN),
            ({"outcome": "MONETARY", "restrictions": ("DECISION_ACCOUNT_SUSPENDED",)}, AnswerCode.RESTRICTION_REQUIRED),
            (
                {"outcome": "ACCOUNT_SUSPENDED", "restrictions": ("DECISION_ACCOUNT_TERMINATED",)},
                AnswerCode.RESTRICTIONS_CONFLICT,
            ),
            (
                {"detail": Detail(end_date_account_restriction=date(2026, 4, 1))},
                AnswerCode.END_WITHOUT_RESTRICTION,
            ),
            ({"detail": Detail(end_date_visibility_restriction=date(2026, 3, 2))}, AnswerCode.END_BEFORE_ACTION),
            ({"puid": "nobody-knows"}, AnswerCode.UNKNOWN_PUID),
        ],
    )
    def test_says_what_contradicts_itself(self, item, contact, facts, code):
        assert [one.code for one in answered(item, contact, **facts)] == [code]
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("detail", "field"),
        [
            (Detail(decision_visibility_other="A quarantine"), "decision_visibility_other"),
            (Detail(account_type="ACCOUNT"), "account_type"),
            (Detail(decision_ground_reference_url="terms"), "decision_ground_reference_url"),
            (Detail(incompatible_content_illegal=False), "incompatible_content_illegal"),
            (Detail(content_type=("CONTENT_TYPE_SMELL",)), "content_type"),
            (Detail(content_type_other="A smell"), "content_type_other"),
            (Detail(category="STATEMENT_CATEGORY_SCOPE_OF_PLATFORM_SERVICE"), "category"),
            (Detail(category_addition=("STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER",)), "category_addition"),
            (Detail(category_specification=("KEYWORD_DISINFORMATION",)), "category_specification"),
            (Detail(content_language="xx"), "content_language"),
            (Detail(content_date=date(1999, 12, 31)), "content_date"),
            (Detail(decision_facts="x" * 5001), "decision_facts"),
            (Detail(source_identity="x" * 501), "source_identity"),
            (Detail(ean_13="123"), "content_id"),
        ],
    )
    def test_that_breaks_a_rule_of_the_format_is_refused_with_the_field(self, item, contact, detail, field):
        (result,) = answered(item, contact, detail=detail)
        assert (result.result, result.code) == ("refused", AnswerCode.STATEMENT_INVALID)
        assert result.detail.startswith(f"{field}: ")
        assert not Decision.objects.exists()


class TestACorrection:
    def test_has_its_own_statement_and_the_earlier_one_stays(self, item, contact):
        answered(item, contact)
        answered(item, contact, outcome="DEMOTED")
        first, second = Statement.objects.order_by("pk")
        assert first.puid != second.puid
        assert first.content["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
        assert second.content["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DEMOTED"]


class TestNobodyElse:
    def test_sees_a_statement(self, item, contact):
        answered(item, contact)
        sender = principal_for(item.sender, Role.OFFICER)
        stranger = principal_for(PlatformFactory.create(), Role.CONTACT_POINT)
        for principal, count in ((contact, 1), (sender, 0), (stranger, 0)):
            with acting_as(principal):
                assert Statement.objects.count() == count


class TestPreview:
    def test_shows_the_statement_and_what_people_will_read(self, item, contact):
        one = Answer(
            item=item.reference,
            outcome="ACCOUNT_SUSPENDED",
            **TERMS,
            explanation="Three strikes.",
            detail=Detail(end_date_account_restriction=date(2026, 6, 1), source_identity=""),
        )
        with acting_as(contact):
            seen = preview_statement(one, item, at=TUESDAY)
            services.answer([one], channel="web", by=contact, at=TUESDAY)

        stored = Statement.objects.get().content
        assert {**seen.statement, "puid": ""} == {**stored, "puid": ""}
        assert list(seen.problems) == []
        user = {str(term): value for term, value in seen.user}
        assert user["Restriction of the account"] == "Suspension of the account"
        assert user["Account restricted until"] == "1 Jun 2026"
        assert user["Where it applies"] == "European Economic Area"
        assert user["Why it is incompatible"] == "Three strikes."
        assert user["How it came to notice"] == "Other type of notification"
        sender = {str(term): value for term, value in seen.sender}
        assert sender["Explanation"] == "Three strikes."
        assert "Kind of account" not in sender and "Facts and circumstances" not in sender

    def test_stores_nothing_and_names_problems(self, item, contact):
        one = Answer(item=item.reference, outcome="REMOVED", **LAW, detail=Detail(ean_13="12"))
        with acting_as(contact):
            seen = preview_statement(one, item, at=TUESDAY)
        assert [problem.field for problem in seen.problems] == ["content_id"]
        assert not Statement.objects.exists() and not Decision.objects.exists()

    def test_of_what_restricts_nothing_is_empty(self, item, contact):
        one = Answer(item=item.reference, outcome="NOT_FOUND")
        with acting_as(contact):
            assert preview_statement(one, item, at=TUESDAY).statement is None
