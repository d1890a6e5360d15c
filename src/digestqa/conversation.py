"""Follow-ups: a question that leans on the one before it is resolved against the history.

A question that stands alone is never altered: one that names a study or brings up something that the library knows
from few studies, or not at all, is no follow-up, however short; but one that opens like a follow-up and holds nothing
but a study's number ("and in NCT02883595?") asks the earlier question of that study. One that leans (it opens with
"and …", points with a pronoun, or has hardly a word of content) is read together with the last question that stood
alone. What is shown has the changed facet put in the place of the old one where both are of one kind: "ORR with 50
mg?", "and 75 mg?" becomes "ORR with 75 mg?". A question that points at no study stays with the studies under
discussion, as long as these have its words; of up to three words of content ("how is a DLT defined?") it leans, a
longer one is not altered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from digestqa.digests import find_source_ids
from digestqa.retrieval.naming import Description, is_frame
from digestqa.retrieval.terms import content_words, words

MAX_HISTORY = 20
"""Earlier questions looked at; older ones no longer say what a conversation is about."""

Describe = Callable[[str], Description]

_OPENING = re.compile(
    r"^\s*(?:and|or|but|also|then|ok(?:ay)?|what about|how about|plus|versus|vs\.?|compared (?:to|with))\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|she|his|her|that|those|these|this|ones|same|others?|latter|former|instead|"
    r"else|afterwards?|the one|the (?:trial|study|paper|digest|drug|arm|group|patients?|participants?|compound|"
    r"authors?))\b|\bthen\s*\??$",
    re.IGNORECASE,
)
# "It" that points at nothing, and "these trials" that are those of the library.
_NOT_POINTING = re.compile(
    r"\b(?:is|was|does|will|did|would)\s+it\s+(?:take|going|possible|true|safe|the case|likely|mean)\b|"
    r"\b(?:these|those|this|the)\s+(?:[\w-]+\s+){0,3}?(?:trials|studies|digests|pages|library)\b|"
    r"\b(?:its|their|his|her) own\b|\bother (?:code )?names?\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3
_FEW_WORDS_POINTING = 5
_TELLING = 0.5
"""Weight from which a word points at particular studies; 1.0 is a word of one study only."""
_TELLING_WHEN_POINTING = 0.67
# A name by its looks: HeroTracker, IHS4, TWT-101.
_CODE = re.compile(r"[A-Za-z]-?\d|\d-?[A-Za-z]|[a-z][A-Z]|^[A-Z]{3,}$")


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question as it is searched and read.

    Attributes:
        text: the question itself, or the earlier question and it: what the reader was trained to read.
        shown: the question itself, or what it is understood as, in one question.
        carried: whether anything was taken from the history.
        anchor: the earlier questions that it leans on, oldest first; empty where it stands alone.
    """

    text: str
    shown: str
    carried: bool
    anchor: tuple[str, ...] = ()


def resolve(
    question: str, history: Sequence[str] = (), describe: Describe | None = None, *, leans: bool | None = None
) -> ResolvedQuestion:
    """Resolve a question against earlier ones.

    Args:
        question: as asked.
        history: earlier questions, oldest first.
        describe: tells which studies words describe; without it only the wording counts.
        leans: whether the question leans on the history, where that is known; None finds it by its words.
    """
    question = question.strip()
    leans = leans_on_history(question, describe) if history and leans is None else leans
    if not history or not leans:
        return ResolvedQuestion(question, question, carried=False)
    anchor: list[str] = []
    for earlier in reversed([entry.strip() for entry in history[-MAX_HISTORY:] if entry.strip()]):
        anchor.insert(0, earlier)
        if not leans_on_history(earlier, describe):
            break
    if not anchor:
        return ResolvedQuestion(question, question, carried=False)
    if len(anchor) > 2:
        # What was asked in between has been answered: the subject and the last facet are what a further one leans on.
        anchor = [anchor[0], anchor[-1]]
    if len(anchor) > 1 and len(content_words(anchor[-1])) > _FEW_WORDS:
        anchor = anchor[-1:]
    text = " ".join((*anchor, question))
    shown = anchor[0]
    for later in (*anchor[1:], question):
        shown = replace_facet(shown, later) or f"{shown} {later}"
    return ResolvedQuestion(text, shown, carried=True, anchor=tuple(anchor))


_OVER_THE_LIBRARY = re.compile(
    r"^\s*(?:(?:in\s+)?which|how many|are there(?: any)?|list(?: all)?)\s+(?!of\b|other\b)"
    r"(?:(?!these\b|those\b)[\w-]+\s+){0,3}?"
    r"(?:trials|studies|digests|papers|pages|records)\b|\bin here\b",
    re.IGNORECASE,
)
"""Asks among all studies, so that it has a subject of its own."""

_STUDY_WORDS = frozenset({"trial", "study", "digest", "paper", "trials", "studies", "digests", "papers"})


def only_names_a_study(question: str) -> bool:
    """Tell whether a follow-up says by its number which study is meant, and no more ("and in NCT02883595?")."""
    opens = bool(_OPENING.search(question)) and bool(find_source_ids(question))
    return opens and _STUDY_WORDS.issuperset(content_words(question))


def leans_on_history(question: str, describe: Describe | None = None) -> bool:
    """Tell whether a question needs an earlier one to be understood."""
    if find_source_ids(question):
        return only_names_a_study(question)
    opening = bool(_OPENING.search(question))
    if not opening and _OVER_THE_LIBRARY.search(question):
        return False
    content = [word for word in content_words(question) if not word.replace(".", "").isdigit()]
    pointing = bool(_POINTING.search(question)) and not _NOT_POINTING.search(question)
    if not opening and len(content) > (_FEW_WORDS_POINTING if pointing else _FEW_WORDS):
        return False
    if describe is None:
        return opening or pointing or len(content) <= _FEW_WORDS
    described = describe(question)
    if opening:
        # "And what dose did the curcumin trial give?" names its own study.
        return described.decisive is None or sum(_tells(described, _TELLING_WHEN_POINTING)) < 2
    if pointing:
        return not any(_tells(described, _TELLING_WHEN_POINTING))
    # A word that the library does not know is a new subject.
    return not any(_tells(described, _TELLING)) and all(
        term.anywhere or is_frame(term.text) for term in described.terms
    )


_MOST_WORDS_OF_ONE_THAT_STAYS = 5
_LEAST_SHARE_OF_ONE_THAT_STAYS = 0.3
"""Of the score of the study that a question's words describe best: what one under discussion must have."""
_TELLING_OF_ONE_THAT_STAYS = 0.35
_NEVER_A_SUBJECT = frozenset(
    """
    grp cant couldnt didnt doesnt dont hadnt hasnt havent isnt arent wasnt werent wont wouldnt
    shouldnt whats hows whos
    """.split()
)
"""What people type and no digest writes: a word that the library does not know is a new subject, but not these."""
_ASKED_OF_ANY_STUDY = frozenset(
    """
    adverse ae aes age all allocated allocation allowed altogether among arm arms assessed assessment baseline
    benefit blind blinded blinding centers centres checked ci cis comparator complete completed completion
    conclusion conclusions confidence consent control controls counted criteria cutoff death deaths defined
    definition deviation died discontinued dlt dlts dosage dose doses dosing dropout dropouts dropped duration ecog
    effect effects efficacy eligibility eligible end ended endpoint endpoints enrolled enrollment enrolment event
    events excluded exclusion exclusions exploratory female finished follow-up followed followup frequency funding
    grade group groups happened hazard hr hrs included inclusion interval iqr join joined joining kept limitation
    limitations lost male masked masking mean means measure measured measures median mortality mtd number odds
    ongoing or orr os outcome outcomes overall p-value p-values participants participate participated patient
    patients percentages pfs phase placebo planned primary progression-free proportion pt pts quit randomisation
    randomised randomization randomized range rates ratio ratios reasons recruit recruited recruiting recruitment
    recurrence relapse reported reporting response responses result results sae saes safety sample schedule scored
    sd secondary serious sex side significance significant sites size sizes sponsor sponsored standard started
    status stopped survival terminated timeframe tolerability tolerated took total toxicities toxicity treated value
    withdrawals withdrawn withdrew
    """.split()
)
"""Words with which one asks anything of any study: they bring up no other."""
_NO_DIGEST = 0
_LIKE = 0.8
_SHORTEST_MISSPELT = 4


def may_stay(question: str) -> bool:
    """Tell whether a question's wording lets it be about the studies under discussion, though it does not say so."""
    if find_source_ids(question) or (_OVER_THE_LIBRARY.search(question) and not _OPENING.search(question)):
        return False
    content = [word for word in content_words(question) if not word.replace(".", "").isdigit()]
    return len(content) <= _MOST_WORDS_OF_ONE_THAT_STAYS


def stays(described: Description, studies: Collection[int], words_of_studies: Callable[[], Collection[str]]) -> bool:
    """Tell whether a question that may stay with the studies under discussion does: its words point at no other.

    Of 3,774 questions of digests-train that stand alone, asked after one about another study, 38 stay; 32 of those no
    study answers.

    Args:
        described: which studies the question's words describe.
        studies: ids of the digests under discussion; none where the study that was asked for is not there.
        words_of_studies: gives their words, in lower case; only asked for where a word may be misspelt.
    """
    known = _ASKED_OF_ANY_STUDY | _NEVER_A_SUBJECT
    terms = [term for term in described.terms if not (is_frame(term.text) or set(words(term.text)) <= known)]
    if not terms:
        return True
    for term in terms:
        looks_like_a_name = bool(_CODE.search(term.text))
        if not term.anywhere and (
            looks_like_a_name or not _misspelt(term.text.lower(), [*_ASKED_OF_ANY_STUDY, *words_of_studies()])
        ):
            return False
        telling = not term.frame and term.weight >= _TELLING_OF_ONE_THAT_STAYS * described.rarest
        points = bool(term.compound) or (telling and (bool(term.named) or looks_like_a_name))
        if points and not any(digest_id in term.anywhere for digest_id in studies):
            return False
    return max(map(described.share, studies or (_NO_DIGEST,))) >= _LEAST_SHARE_OF_ONE_THAT_STAYS


def _misspelt(word: str, known: Collection[str]) -> bool:
    """Tell whether a word that no digest holds is near enough to one of the known words to be meant as it."""
    return len(word) >= _SHORTEST_MISSPELT and bool(get_close_matches(word, known, n=1, cutoff=_LIKE))


def _tells(described: Description, least: float) -> list[bool]:
    return [
        not term.frame
        and term.weight >= least * described.rarest
        and (bool(term.named) or bool(_CODE.search(term.text)))
        for term in described.terms
    ]


_LEAD = re.compile(
    r"^\s*(?:(?:and|or|but|also|then|so|ok(?:ay)?|plus|what about|how about|versus|vs\.?|compared (?:to|with))\s+)+"
    r"(?P<rest>.+?)\s*\??\s*$",
    re.IGNORECASE,
)
_PREPOSITION = r"with|on|in|for|among|under|after|before|at|of|to|from|by"
_PHRASE = re.compile(rf"^(?P<preposition>{_PREPOSITION})\s+(?P<thing>\S.*)$", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![\w.])[≥≤<>]?\s?\d[\d.,]*\s?(?:mg/m[²2]|mg/kg|µg|μg|mcg|ug|mg|g|kg|ml|gy|iu|units?|weeks?|months?|days?|years?|"
    r"hours?|h|%|mm|cm)\b(?:\s+(?:dose|group|arm))?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?P<kind>arm|group|cohort|phase|part|stage|grade|stratum|cycle|day|week|month|year|variant|level)\s+"
    r"(?P<label>[A-Z]|[ivxIVX]+|\d+[a-z]?)\b"
)
_LONGEST_FACET_WORDS = 6


def replace_facet(earlier: str, later: str) -> str | None:
    """Return the earlier question with its facet replaced by that of the later one; None where that is not certain.

    Facets of one kind are: amounts with their unit, labels (arm A, cohort 2), and what follows one preposition, once.
    """
    # A run of blanks would be divided up in every way.
    earlier, later = (" ".join(question.split()) for question in (earlier, later))
    lead = _LEAD.match(later)
    if not lead or len(lead["rest"].split()) > _LONGEST_FACET_WORDS:
        return None
    rest = lead["rest"].removeprefix("the ")
    for pattern in (_AMOUNT, _LABEL):
        new = pattern.search(rest)
        old = list(pattern.finditer(earlier))
        bare = re.sub(rf"^(?:{_PREPOSITION})\s+(?:the\s+)?", "", rest, flags=re.IGNORECASE)
        if not new or len(old) != 1 or bare.casefold() != new.group().casefold():
            continue
        if pattern is _LABEL and old[0]["kind"].casefold() != new["kind"].casefold():
            continue
        return earlier[: old[0].start()] + new.group() + earlier[old[0].end() :]
    phrase = _PHRASE.match(lead["rest"])
    if phrase and len(re.findall(rf"\b{phrase['preposition']}\b", earlier, re.IGNORECASE)) == 1:
        place = re.search(rf"\b{phrase['preposition']}\s+(?P<thing>[^?]+?)\s*\??\s*$", earlier, re.IGNORECASE)
        if (
            place
            and len(place["thing"].split()) <= _LONGEST_FACET_WORDS
            and not re.search(rf"\b(?:{_PREPOSITION})\b", place["thing"], re.IGNORECASE)
        ):
            end = "?" if earlier.rstrip().endswith("?") else ""
            return f"{earlier[: place.start('thing')]}{phrase['thing']}{end}"
    return None
