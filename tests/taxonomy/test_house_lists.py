import pytest

from apps.taxonomy.areas import PROPOSALS, WITHOUT_MATERIAL, Area
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword, permits
from apps.taxonomy.outcomes import DECISIONS, MEANINGS, REMOVALS, RESTRICTIONS, Outcome, RefusalReason
from apps.taxonomy.restrictions import VisibilityRestriction
from apps.taxonomy.sharing import Pap, Tlp, read_pap, read_tlp
from apps.taxonomy.urgency import TARGET_HOURS, Urgency
from tests.taxonomy import official


class TestOutcomes:
    def test_are_those_of_the_domain_each_with_a_meaning(self):
        assert Outcome.values == official.OUTCOMES.split()
        assert set(MEANINGS) == set(Outcome)

    def test_only_a_request_for_information_leaves_the_item_open(self):
        assert set(Outcome) - DECISIONS == {Outcome.PENDING_INFO}

    def test_a_removal_rate_counts_removed_and_disabled_and_nothing_else(self):
        assert {outcome.value for outcome in REMOVALS} == {
            "REMOVED",
            "DISABLED_GLOBAL",
            "DISABLED_EU",
            "DISABLED_COUNTRIES",
        }

    def test_what_was_gone_before_or_is_elsewhere_is_no_action_of_the_platform(self):
        assert set(Outcome) - RESTRICTIONS == {
            Outcome.NO_ACTION,
            Outcome.ALREADY_REMOVED,
            Outcome.NOT_FOUND,
            Outcome.NOT_OUR_SERVICE,
            Outcome.FORWARDED,
            Outcome.PENDING_INFO,
        }

    def test_every_removal_is_a_restriction_with_a_code(self):
        assert REMOVALS <= RESTRICTIONS
        assert {MEANINGS[outcome].restriction for outcome in REMOVALS} == {
            VisibilityRestriction.REMOVED,
            VisibilityRestriction.DISABLED,
        }

    def test_disabling_in_some_countries_must_name_them(self):
        assert [outcome for outcome in Outcome if outcome.meaning.needs_countries] == [Outcome.DISABLED_COUNTRIES]


class TestRefusals:
    def test_are_those_of_the_domain(self):
        assert RefusalReason.values == official.REFUSALS.split()

    def test_four_speak_of_the_quality_of_the_notice(self):
        assert [reason.value for reason in RefusalReason if reason.counts_against_quality] == [
            "INSUFFICIENTLY_PRECISE",
            "UNSUBSTANTIATED",
            "INACCURATE",
            "NEEDS_LEGAL_EXAMINATION",
        ]


class TestUrgency:
    def test_sorts_from_life_to_standard(self):
        assert [urgency.value for urgency in sorted(Urgency, key=lambda level: level.rank)] == [
            "life",
            "crisis",
            "hour",
            "day",
            "standard",
        ]

    def test_a_more_urgent_level_never_waits_longer(self):
        hours = [urgency.target_hours for urgency in sorted(Urgency, key=lambda level: level.rank)]
        assert hours == sorted(hours)
        assert TARGET_HOURS[Urgency.DAY] == 24 and TARGET_HOURS[Urgency.STANDARD] == 7 * 24


class TestAreas:
    @pytest.mark.parametrize("area", Area)
    def test_propose_keywords_of_the_category_they_propose(self, area: Area):
        proposal = PROPOSALS[area]
        if proposal.category is None:
            assert not proposal.keywords
        else:
            assert all(permits(proposal.category, keyword) for keyword in proposal.keywords)
            assert proposal.category not in proposal.alternatives

    def test_terrorism_is_a_risk_for_public_security(self):
        proposal = PROPOSALS[Area.TERRORISM]
        assert (proposal.category, proposal.keywords) == (
            Category.RISK_FOR_PUBLIC_SECURITY,
            (Keyword.TERRORIST_CONTENT,),
        )

    def test_material_of_child_abuse_may_not_be_held(self):
        assert frozenset({Area.CSAM}) == WITHOUT_MATERIAL


class TestSharing:
    @pytest.mark.parametrize(
        ("text", "tlp"),
        [
            ("TLP:AMBER+STRICT", Tlp.AMBER_STRICT),
            ("tlp:white", Tlp.CLEAR),
            (" green ", Tlp.GREEN),
            ("TLP: RED", Tlp.RED),
            ("TLP:PINK", None),
        ],
    )
    def test_reads_the_marks_of_other_systems(self, text: str, tlp: Tlp | None):
        assert read_tlp(text) == tlp

    @pytest.mark.parametrize("tlp", Tlp)
    def test_reads_its_own_marks(self, tlp: Tlp):
        assert read_tlp(tlp.marking) == tlp

    @pytest.mark.parametrize("pap", Pap)
    def test_reads_its_own_permissible_actions(self, pap: Pap):
        assert read_pap(pap.marking) == pap

    def test_reads_the_old_name_of_clear(self):
        assert read_pap("PAP:WHITE") == Pap.CLEAR
        assert read_pap("PAP:BLUE") is None

    def test_strictness_is_a_strict_order(self):
        assert Tlp.RED.is_stricter_than(Tlp.AMBER_STRICT)
        assert Tlp.AMBER_STRICT.is_stricter_than(Tlp.AMBER)
        assert not Tlp.AMBER.is_stricter_than(Tlp.AMBER)
        assert not Tlp.CLEAR.is_stricter_than(Tlp.GREEN)

    def test_red_and_amber_forbid_asking_the_host(self):
        assert [pap for pap in Pap if pap.allows_address_checks] == [Pap.GREEN, Pap.CLEAR]
