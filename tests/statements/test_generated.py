"""Two thousand decisions as they may come, through the real service in batches: every statement is valid.

The judge is `checker`, which was written from the official rules and shares no code with the product.
"""

import random
from datetime import UTC, date, datetime, timedelta

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.models import Decision, Item, Statement
from apps.referrals.services import Answer, Detail
from apps.referrals.transitions import State
from apps.taxonomy.keywords import KEYWORDS
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.statements import checker

COUNT, BATCH = 2000, 250
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OUTCOMES = sorted(
    checker.listed(
        """REMOVED DISABLED_GLOBAL DISABLED_EU DISABLED_COUNTRIES DEMOTED AGE_RESTRICTED INTERACTION_RESTRICTED LABELLED
        MONETARY SERVICE ACCOUNT_SUSPENDED ACCOUNT_TERMINATED PARTIAL"""
    )
)
VISIBILITY = sorted(checker.MANY_OF["decision_visibility"])
SINGLE = {name: sorted(checker.ONE_OF[f"decision_{name}"]) for name in ("monetary", "provision", "account")}
TEXTS = ["…", "Section 4.2", "Ein längerer Satz mit ‘Zeichen’ und 😀.", "x" * 500, "Zwei\nZeilen", "a" * 20]


def some(luck, codes, most=3):
    return tuple(luck.sample(sorted(codes), luck.randint(0, most)))


def maybe(luck, value, blank=""):
    return value if luck.random() < 0.5 else blank


def restrictions(luck, outcome):
    """What may be named beside an outcome: several of visibility, one of each other family at most."""
    families = {"MONETARY": "monetary", "SERVICE": "provision"}
    taken = {name: luck.choice(codes) for name, codes in SINGLE.items() if luck.random() < 0.2}
    if outcome in families:
        taken[families[outcome]] = luck.choice(SINGLE[families[outcome]])
    if outcome.startswith("ACCOUNT"):
        taken.pop("account", None)
    named = [*some(luck, VISIBILITY, 2), *taken.values()]
    return named or ([luck.choice(VISIBILITY)] if outcome == "PARTIAL" else [])


def answer(luck, item):
    outcome = luck.choice(OUTCOMES)
    named = restrictions(luck, outcome)
    illegal = luck.random() < 0.5
    acted_at = luck.choice([None, NOW - timedelta(days=luck.randint(0, 2000), hours=luck.randint(0, 23))])
    scope = luck.sample(sorted(checker.EEA), luck.randint(1, 30))
    return Answer(
        item=item.reference,
        outcome=outcome,
        ground=f"DECISION_GROUND_{'ILLEGAL' if illegal else 'INCOMPATIBLE'}_CONTENT",
        legal_ground=luck.choice(TEXTS),
        explanation=luck.choice(["", "  ", *TEXTS, "y" * 2000]),
        acted_at=acted_at,
        automated_detection=luck.choice([None, True, False]),
        automated_decision=luck.choice(["", *sorted(checker.ONE_OF["automated_decision"])]),
        territorial_scope=tuple(scope) if outcome == "DISABLED_COUNTRIES" or luck.random() < 0.2 else (),
        restrictions=tuple(named),
        detail=detail(luck, outcome, named, illegal=illegal),
    )


def detail(luck, outcome, named, *, illegal):
    end = date(2038, 1, 1) if luck.random() < 0.3 else NOW.date() + timedelta(days=luck.randint(0, 900))
    is_account = outcome.startswith("ACCOUNT") or any("ACCOUNT" in one for one in named)
    types = some(luck, checker.MANY_OF["content_type"])
    return Detail(
        decision_visibility_other=luck.choice(TEXTS) if "DECISION_VISIBILITY_OTHER" in named else "",
        decision_monetary_other=luck.choice(TEXTS) if "DECISION_MONETARY_OTHER" in named else "",
        account_type=maybe(luck, "ACCOUNT_TYPE_PRIVATE"),
        decision_ground_reference_url=maybe(luck, "https://terms.video.example/#4.2"),
        incompatible_content_illegal=None if illegal else luck.choice([None, True, False]),
        content_type=types,
        content_type_other=maybe(luck, "A smell") if "CONTENT_TYPE_OTHER" in types else "",
        category=maybe(luck, luck.choice(sorted(checker.ONE_OF["category"]))),
        category_addition=some(luck, checker.ONE_OF["category"]),
        category_specification=some(luck, checker.MANY_OF["category_specification"]),
        category_specification_other=maybe(luck, "Fireworks"),
        content_language=luck.choice(["", "de", "EL", "pt", "iw"]),
        content_date=luck.choice([None, date(2000, 1, 1), date(2026, 5, 31)]),
        end_date_account_restriction=end if is_account and luck.random() < 0.5 else None,
        decision_facts=maybe(luck, "z" * luck.choice([1, 5000])),
        source_identity=maybe(luck, "Referral Unit"),
        ean_13=maybe(luck, "4006381333931"),
    )


def referral(luck, platform):
    """A referral with items that say much or little of themselves."""
    category = luck.choice([one for one in KEYWORDS if one.number != 16])
    return ReferralFactory.create(
        recipient=platform,
        state=State.RECEIVED,
        instrument=luck.choice(["referral", "notice", "trusted_flagger_notice"]),
        category=category,
        keywords=[one.value for one in KEYWORDS[category]][: luck.randint(0, 7)],
        items=BATCH,
        items__content_type=luck.choice(["", *sorted(checker.MANY_OF["content_type"])]),
        items__content_language=luck.choice(["", "und", "zxx", "ar", "el"]),
        items__published_on=luck.choice([None, date(1997, 1, 1), date(2026, 1, 1), date(2039, 1, 1)]),
    )


def test_two_thousand_decisions_yield_valid_statements():
    luck = random.Random(20260601)
    platform = PlatformFactory.create()
    contact = principal_for(platform, Role.CONTACT_POINT)
    for _batch in range(COUNT // BATCH):
        items = Item.objects.filter(referral=referral(luck, platform)).order_by("pk")
        answers = [answer(luck, item) for item in items]
        with acting_as(contact):
            results = services.answer(answers, channel="api", by=contact, at=NOW)
        assert [(one.code, one.detail) for one in results if one.code] == []

    contents = list(Statement.objects.order_by("pk").values_list("content", flat=True))
    wrong = {one["puid"]: checker.faults(one) for one in contents if checker.faults(one)}
    assert wrong == {}
    assert len(contents) == Decision.objects.count() == COUNT
    assert len({one["puid"] for one in contents}) == COUNT
    assert {name for one in contents for name in one} >= checker.KNOWN - {
        f"end_date_{family}_restriction" for family in ("visibility", "monetary", "service")
    }
