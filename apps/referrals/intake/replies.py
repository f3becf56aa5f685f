"""What a reply by mail seems to say. A guess, and treated as one: nobody's answer before somebody confirms it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from apps.core.references import normalise
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.statements import DecisionGround

EXCERPT = 2000
_REFERENCE = re.compile(r"\b[I1L][-‐ ]?[0-9A-Z]{4}(?:[-‐ ]?[0-9A-Z]{4}){2}[-‐ ]?[0-9A-Z]\b", re.IGNORECASE)


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_ACTING = "(remov|delet|tak|block|disabl|act)"
# The first that is found counts: refusals before actions, since “not removed” contains “removed”.
_WORDS: Mapping[Outcome, re.Pattern[str]] = MappingProxyType(
    {
        Outcome.NOT_OUR_SERVICE: _any_of(
            r"not (on |at |part of )?our (service|platform|site|server)",
            r"wrong (address|recipient)|do(es)? not host",
            r"nicht unser(e|em)? (dienst|plattform|server)|pas notre (service|plateforme)",
        ),
        Outcome.ALREADY_REMOVED: _any_of(
            r"already (been )?(removed|deleted|gone|taken down|offline)",
            r"bereits (entfernt|gelöscht)|déjà (été )?(supprimé|retiré)",
        ),
        Outcome.NOT_FOUND: _any_of(
            r"not found|no longer (exists?|available|there)|does ?n.t exist|does not exist|\b404\b",
            r"nicht (gefunden|auffindbar)|introuvable",
        ),
        Outcome.NO_ACTION: _any_of(
            rf"(will|did|have|has|was|were|been|can) ?not (be )?(been )?{_ACTING}",
            rf"(won.t|didn.t|can.t|haven.t) {_ACTING}",
            r"no action|refus|reject|declin",
            r"nicht (entfern|gelösch|sperr)|keine maßnahme|ne (sera|retir|supprim)",
        ),
        Outcome.DISABLED_GLOBAL: _any_of(
            r"(disabled|blocked|restricted) (access|it|them|worldwide|globally)",
            r"access (is |was )?(disabled|blocked)|gesperrt|bloqué|désactivé",
        ),
        Outcome.REMOVED: _any_of(
            r"\b(removed|deleted|taken down|took (it|them|this) down)\b",
            r"entfernt|gelöscht|supprimé|retiré",
        ),
    }
)
_REASONS: Mapping[RefusalReason, re.Pattern[str]] = MappingProxyType(
    {
        RefusalReason.NOT_ILLEGAL: _any_of(r"not illegal|is legal|lawful|nicht rechtswidrig|pas illégal"),
        RefusalReason.NOT_AGAINST_TC: _any_of(
            r"(not|n.t) (against|violat\w+|breach\w*) .{0,20}(terms|rules|guidelines|polic)"
        ),
        RefusalReason.COUNTER_SPEECH: _any_of(r"counter.?speech"),
        RefusalReason.PARODY_OPINION: _any_of(r"parody|satir|opinion"),
        RefusalReason.JOURNALISTIC_ACADEMIC_ARTISTIC: _any_of(r"journalis|academic|artistic"),
        RefusalReason.INSUFFICIENTLY_PRECISE: _any_of(r"not precise|more precise|which (post|video|picture|page)"),
    }
)
_TERMS = re.compile(r"terms|guidelines|polic(y|ies)|house rules|nutzungsbedingungen|conditions", re.IGNORECASE)
_LAW = re.compile(r"illegal|\bart(icle|\.)? ?\d|regulation \(e[uc]\)|directive|\bstgb\b|§ ?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """`outcome`: empty where nothing, or more than one thing, was said. `items`: those it names; empty: all."""

    outcome: str = ""
    refusal_reason: str = ""
    ground: str = ""
    legal_ground: str = ""
    items: Sequence[str] = field(default_factory=tuple)


def read_reply(text: str, *, items: Collection[str]) -> Guess:
    """What a person wrote above their quotation, about these items."""
    meant = (normalise(match) or "" for match in _REFERENCE.findall(text))
    named = tuple(dict.fromkeys(reference for reference in meant if reference in items))
    outcome = _outcome(text)
    if outcome is None:
        return Guess(items=named)
    refused = outcome is Outcome.NO_ACTION
    ground, sentence = _ground(text) if outcome.meaning.restricts else ("", "")
    return Guess(
        outcome=outcome.value,
        refusal_reason=_reason(text) if refused else "",
        ground=ground,
        legal_ground=sentence,
        items=named,
    )


def _outcome(text: str) -> Outcome | None:
    """The one outcome of the words; none where different sentences say different things."""
    said = {first for sentence in re.split(r"[.!?;\n]+", text) if (first := _first(sentence))}
    return said.pop() if len(said) == 1 else None


def _first(sentence: str) -> Outcome | None:
    return next((outcome for outcome, words in _WORDS.items() if words.search(sentence)), None)


def _reason(text: str) -> str:
    return next((reason.value for reason, words in _REASONS.items() if words.search(text)), "")


def _ground(text: str) -> tuple[str, str]:
    """Law or terms, with the sentence that says so; empty where neither, or both, are named."""
    law, terms = _LAW.search(text), _TERMS.search(text)
    if bool(law) == bool(terms):
        return "", ""
    ground = DecisionGround.ILLEGAL_CONTENT if law else DecisionGround.INCOMPATIBLE_CONTENT
    word = law or terms
    sentences = re.split(r"(?<=[.!?])\s|\n", text)
    sentence = next((one.strip() for one in sentences if word and word.group() in one), "")
    return ground.value, sentence[:500]
