"""What a question's wording asks for: several studies, all of them, a list, a finding."""

from __future__ import annotations

import re

_KINDS = r"(?:trials|studies|digests|protocols|papers|pages|records|registrations|cohorts)"

_SEVERAL = re.compile(
    r"\b(?:compar(?:e|ed|es|ing|ison)|versus|vs|v|both|differ\w*|respectively|side by side|each|either|"
    rf"(?:which|what|how many|all|these|those|the|any)\s+(?:[\w-]+\s+){{0,4}}?{_KINDS}|"
    r"(?:two|three|four|five|six|several)\s+(?:[\w-]+\s+){0,4}?(?:trials|studies|digests|protocols|ones|trial)|"
    r"(?:and|than|with that|as)\s+(?:(?:in|for|with|on|of|to)\s+)?the\b.*\b(?:one|study|trial)|studies|trials)\b|;",
    re.IGNORECASE,
)
_BETWEEN_SIDES = re.compile(r"\b(?:vs\.?|versus|v|and|than|compared (?:to|with))(?!\w)|;", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:and|or|than|with|versus|vs|v)\b|[;/,]", re.IGNORECASE)
_WHICH = re.compile(
    rf"\b(?:which|what|how many|list|any|all|are there)\s+(?:of\s+)?(?:(?:the|these|those|our|my)\s+)?"
    rf"(?:[\w/-]+\s+){{0,4}}?{_KINDS}\b|\bin which\s+(?:[\w-]+\s+){{0,3}}?{_KINDS}\b"
    rf"|\bwhat(?:'s| is| do (?:you|we) have)?\s+(?:\w+\s+){{0,2}}?(?:in here|there|here)\b"
    rf"|\b(?:which|how many)\s+of\s+(?:them|these|those)\b"
    rf"|\b(?:which|what|how many)\s+(?:of (?:them|these)\s+|ones\s+)?are\s+(?:rcts|observational|planned|recruiting)\b"
    r"|\b(?:which|what)\s+ones\s+(?:are|were|is|was|have|has|had|did|do)\b"
    r"|\b(?:which|how many|list|any|all)\s+(?:(?:all|the|of)\s+)*(?:[\w-]+\s+){0,3}?rcts\b"
    rf"|\bdo (?:you|we) have\s+(?:[\w-]+\s+){{0,4}}?{_KINDS}\b",
    re.IGNORECASE,
)
_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NUMBER_OF_STUDIES = re.compile(
    rf"\b(?P<number>both|two|three|four|five|six)\s+(?:of the\s+)?(?:[\w-]+\s+){{0,5}}?{_KINDS}\b", re.IGNORECASE
)

_EVERYWHERE = re.compile(
    rf"\b(?:in|across|among|over|of|from|through)\s+(?:all|every|any|the whole|the entire)\s+(?:of\s+)?"
    rf"(?:(?:the|my)\s+)?(?:{_KINDS}|trial|study|digest|library|them)\b|\bacross\s+(?:the\s+)?(?:{_KINDS}|library)\b"
    rf"|\b(?:any|every|all)\s+(?:other\s+)?{_KINDS}\b|\banywhere\b"
    r"|\bin (?:the|this|my) (?:whole |entire )?library\b"
    rf"|\bin general\b|\bwhole library\b",
    re.IGNORECASE,
)
_LISTED = (
    r"(?:outcomes|outcome measures|end\s?-?points|measures|adverse events|side effects|adverse effects|arms|criteria|"
    r"exclusions|conditions|reasons|limitations|symptoms|toxicities|complications|events|drugs|treatments|sites|"
    r"countries|subscales|tests|ways|topics|items|groups|problems|risks|ones)"
)
_LIST = re.compile(
    rf"^\s*(?:(?:and|but|also|what about|how about|list|name|give(?: me)?|tell me|show(?: me)?)\s+)*"
    rf"(?:(?:what|which)\s+(?:(?:were|are|was|is)\s+)?)?(?:(?:all|any|the|of|its|their|other|main|primary|co-?primary|secondary|serious|key|"
    rf"common|most|exclusion|inclusion|eligibility|entry|treatment|study|trial|previous|earlier|possible)\s+){{0,5}}"
    rf"{_LISTED}\b",
    re.IGNORECASE,
)
_IT = r"(?:it|they|(?:the\s+)?[\w-]+(?:\s+[\w-]+){0,3})\s+(?:\w+\s+)?"
_DID_IT = rf"\b(?:did|does|do)\s+{_IT}"
_WAS_IT = rf"\b(?:is|was|were|are)\s+{_IT}"
_FINDING = re.compile(
    rf"{_DID_IT}(?:work|help|succeed|meet|reduce|lower|raise|increase|change|improve|prolong|cure|prevent|beat|outperform)\b"
    rf"|{_WAS_IT}(?:effective|better|superior|inferior|beneficial|safe|worse|helpful|successful)\b"
    r"|\b(?:what|which)\s+(?:(?:is|are|was|were|did)\s+)?(?:the\s+)?(?:\w+\s+)?(?:results?|findings?|efficacy|benefits?)\b"
    r"|\bhow\s+(?:well|effective|good|safe)\b|\bwhat\s+(?:did|was|were)\s+(?:[\w-]+\s+){0,4}?(?:find|found|show|shown)\b"
    r"|\b(?:response|survival|remission|relapse|mortality|death|success|cure)\s+rates?\b"
    r"|\bhazard\s+ratio\b|\bodds\s+ratio\b|\bmedian\s+(?:os|pfs|dfs|rfs|overall|progression|survival)\b",
    re.IGNORECASE,
)
_WORKED = re.compile(
    rf"{_DID_IT}(?:work|help|succeed|meet|reduce|lower|raise|increase|change|improve|prolong|cure|prevent)\b"
    rf"|{_WAS_IT}(?:effective|beneficial|safe|helpful|successful)\s*(?:\?|$)"
    r"|\b(?:what|which)\s+(?:is|are|was|were)\s+(?:the\s+)?(?:\w+\s+)?(?:results?|findings?)\b|\bany results\b"
    r"|\bwhat\s+(?:did|was|were)\s+(?:[\w-]+\s+){0,4}?(?:find|found)\s*(?:\?|$)"
    r"|\bhow\s+(?:well|effective)\s+(?:did|does|is|was)\b",
    re.IGNORECASE,
)
_ADVERBS = r"(?:(?:still|yet|now|already|currently|ever|fully|actually|officially|even|been|all)\s+)*"
_NO_PREPOSITION = r"(?!(?:in|of|on|for|from|by|during|after|before|with|without|who|that|at|to|per)\b)"
_THE_STUDY = (
    rf"(?:it|this|they|(?:NCT|PMID)[\s:]*\d+|(?:that\s+)?(?:{_NO_PREPOSITION}[\w/+.'’-]+\s+){{0,6}}?"
    r"(?:(?:study|studies|trials?|recruitment|enrol?lment|accrual)(?:\s+(?:of|for|in|into|on|with)\s+(?:[\w/+.-]+\s+){0,4}?[\w/+.-]+)?|"
    r"ones?))"
)
_HOW_FAR = (
    r"(?:finish(?:ed)?|completed?|done|over|ended|ongoing|on-going|under\s?way|active|open|running|started|begun|"
    r"terminated|stopped|closed|withdrawn|suspended)"
)
_STATUS = re.compile(
    rf"\b(?:is|are|was|has|have|did)(?:n['’]t)?\s+{_THE_STUDY}\s+{_ADVERBS}{_HOW_FAR}\s*(?:yet|now)?\s*\??\s*$"
    r"|\b(?:is|are|was|has|have)\b.*\b(?:recruiting|enrolling)\s*(?:yet|now)?\s*\??\s*$"
    r"|\b(?:recruitment|overall|trial|study|registry|current registry)\s+status\b|^\W*(?:the\s+)?current\s+status\W*$"
    rf"|\bstatus\s+of\s+{_THE_STUDY}(?=\W*$|\s+(?:at|in|on|as|by|now)\b)",
    re.IGNORECASE,
)
_PLACE_OR_NUMBER = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+)?(?:where|who|how|between|(?:at|in|by|for|on|to|with)\s+(?:what|which|whom|how))\b",
    re.IGNORECASE,
)
_MOST_WORDS_ABOUT_STATUS = 10
"""A longer question asks for more than how far a study is."""
_PLANNING = re.compile(
    r"\b(?:expect\w*|plan\w*|aim\w*|hop(?:e|ed|ing)|hypothes\w*|will|target\w*|anticipat\w*|intend\w*|goal|measur\w*|"
    r"primary|secondary|outcomes?|end\s?-?points?|defin\w*|would|power\w*|design\w*|over what|how long|when)\b",
    re.IGNORECASE,
)

_WRITTEN_OUT = tuple(
    (re.compile(typed, re.IGNORECASE), written)
    for typed, written in (
        (r"\bSAEs\b", "serious adverse events"),
        (r"\bSAE\b", "serious adverse event"),
        (r"\bAEs\b", "adverse events"),
        (r"\bAE\b", "adverse event"),
        (r"\bpts\b", "patients"),
        (
            r"^\W*(?:(?:and|what(?:'s| is| was)?)\s+)?(?:the\s+)?(?:total\s+)?n\b(?=\W*(?:overall\W*|in total\W*)?$)",
            "how many participants",
        ),
    )
)
"""What people type and digests write out."""


def written_out(question: str) -> str:
    """Return a question with the short forms that people type, and no digest has, as digests write them."""
    for typed, written in _WRITTEN_OUT:
        question = typed.sub(written, question)
    return question


_A_STUDY = re.compile(
    r"\b(?:the|in|for|of|with)\s+(?:[\w/+-]+\s+){1,5}?(?:trial|study|digest|paper|one)\b", re.IGNORECASE
)


def speaks_of_a_study(question: str) -> bool:
    """Tell whether the wording names one study by words: "the sirolimus trial"."""
    return bool(_A_STUDY.search(question))


def asks_several(question: str) -> bool:
    """Tell whether the wording speaks of several studies: compare, versus, both, "the two trials", "each"."""
    return bool(_SEVERAL.search(question))


def sides(question: str) -> tuple[str, str] | None:
    """Return the two sides of a question that sets one thing beside another; None where it has not just two."""
    parts = [part for part in _BETWEEN_SIDES.split(question) if part.strip()]
    return (parts[0], parts[1]) if len(parts) == 2 else None


def joins_things(question: str) -> bool:
    """Tell whether the wording joins things that may be of several studies."""
    return bool(_JOINING.search(question))


def asks_which(question: str) -> bool:
    """Tell whether it asks which studies, or how many: over the library, not within a study."""
    return bool(_WHICH.search(question))


def studies_asked(question: str) -> int | None:
    """Return how many studies it asks for ("which two trials"), or None."""
    match = _NUMBER_OF_STUDIES.search(question)
    if match is None:
        return None
    return _NUMBERS.get((match["number"] or "both").lower())


def asks_everywhere(question: str) -> bool:
    """Tell whether it drops the scope in words: "in all studies", "across trials", "anywhere"."""
    return bool(_EVERYWHERE.search(question))


def asks_for_list(question: str) -> bool:
    """Tell whether it asks for several things of one study: outcomes, adverse events, arms, criteria."""
    return bool(_LIST.search(question))


def asks_for_finding(question: str) -> bool:
    """Tell whether it asks what was found, which a study without results cannot say."""
    return bool(_FINDING.search(question)) and not _PLANNING.search(question)


def asks_whether_it_worked(question: str) -> bool:
    """Tell whether it asks for the outcome as a whole ("did it work?"), not for one measure of it."""
    return bool(_WORKED.search(question)) and not _PLANNING.search(question)


def asks_for_status(question: str) -> bool:
    """Tell whether it asks how far a study is: finished, recruiting, stopped."""
    if len(question.split()) > _MOST_WORDS_ABOUT_STATUS or _PLACE_OR_NUMBER.search(question):
        return False
    return bool(_STATUS.search(question))
