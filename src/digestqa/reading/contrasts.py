"""Things that exclude one another: a sentence about one of them is rarely an answer about another.

A reader trained on few hundred studies takes the hip for the spine, and one antibody's level for another's, where all
else of a question fits. Here are things that trials report side by side, in sets; what it means that a sentence names
only others than the one asked for is weighed by the calibration. Only a drug whose dose or level is asked for by name
settles it.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from itertools import compress
from operator import not_

from digestqa.drug_stems import DRUG_STEMS
from digestqa.reading.cues import qualifiers

_Members = tuple[re.Pattern[str], ...]


def _set(*members: str) -> _Members:
    return tuple(re.compile(rf"\b(?:{words})", re.IGNORECASE) for words in members)


_SETS = (
    _set(r"(?:wom[ae]n|females?|girls?|mothers?)\b", r"(?:m[ae]n|males?|boys?|fathers?)\b"),
    _set("systolic", "diastolic"),
    _set(
        r"lumbar|vertebra|spin(?:e|al)\b|backbone",
        r"hips?\b|femoral neck",
        r"wrists?\b|radius|forearm",
        r"knees?\b",
        r"shoulders?\b",
        r"ankles?\b",
    ),
    _set(
        "liver|hepatic",
        r"lungs?\b|pulmonary",
        "brain|cerebral|intracranial",
        "kidney|renal",
        r"bones?\b|skeletal",
        "heart|cardiac",
    ),
    _set(r"FEV\s?1?\b|forced expiratory", r"FVC\b|(?:forced )?vital capacity"),
    _set(
        "platelet|thrombocyt",
        "neutrop",
        "ana?emi[ac]|ha?emoglobin|red (?:blood )?cells?",
        "lymphocyt|lymphop",
        "white (?:blood )?cells?|leu[ck]o[cp]",
    ),
    _set(
        r"nausea|nauseous|sick(?:ness)?\b|queas",
        r"vomit|emesis|threw up|throw(?:ing)? up|sick\b",
        "diarrh|loose stools?",
        "constipat",
        "fatigue|tired|exhaust|asthenia",
        "rash|skin (?:reaction|toxicit|eruption)",
        "headache|head pain|sore head",
        "neuropath|numb|tingl",
        "mucositis|stomatitis|(?:mouth|oral) (?:sore|ulcer)",
        "alopecia|hair|bald",
        "fever|febrile|pyrexia",
        "dizz|vertigo|giddi",
        "cough",
        "hot flush|hot flash|flushing",
        "insomnia|sleepless",
        "infect|sepsis|pneumonia",
        "bleed|ha?emorrhag",
        r"thrombo(?!cyt)|embol|clot|DVT\b",
        "hypertens|(?:high )?blood pressure",
    ),
    _set(
        r"complete(?:ly)?\b[\w\s,]{0,40}(?:respon|remission)|CRs?\b|pCR\b",
        r"partial(?:ly)?\b[\w\s,]{0,40}(?:respon|remission)|PRs?\b",
        r"stable disease|stabili[sz]|SD\b",
        r"(?:objective|overall) respon|ORR\b|respond",
    ),
    _set("sensitivity", "specificity", r"positive predictive|PPV\b", r"negative predictive|NPV\b", "accuracy"),
    _set("blood(?! pressure| cell|less)|serum|plasma", "urin", "saliva", "stool|fa?eca", "tissue|biops"),
    _set(
        "oral|by mouth|tablets?|pills?|capsules?|swallow",
        r"intravenous|IV\b|i\.v\.|infus|by vein|drip",
        r"subcutaneous|under the skin|s\.c\.|SC\b",
        r"intramuscular|IM\b",
        "inhal|nebuli",
    ),
    _set("acute", "delayed"),
    _set(r"first[\s-]line", r"second[\s-]line", r"third[\s-]line"),
    _set(r"(?:\w+[\s-])?positive\b(?! predictive)|positivity", r"(?:\w+[\s-])?negative\b(?! predictive)|negativity"),
    _set(
        r"(?:high(?:er|est)?|larg(?:er|est)|big(?:ger|gest)|full)[\s-]dose",
        r"(?:low(?:er|est)?|small(?:er|est)|half)[\s-]dose",
    ),
    _set(
        r"young(?:er|est)?\b|under[\s-]\d|(?:below|less than) \d+ years",
        r"old(?:er|est)\b|elderly|over[\s-]\d|above \d+ years",
    ),
)

_ASKS_WHEN = re.compile(r"\b(?:when|date|until|till|what (?:year|month|day))\b", re.IGNORECASE)
_ENDS = _set(
    "start|beg[aiu]n|open|launch|commenc|kick|await|first (?:patient|participant|enrol)",
    r"end|finish|clos|stop|conclu|until|till|last|over\b|wrap|complet(?:e|ed|es|ion)\b(?! (?:respon|remission))",
)

_DRUG = re.compile(
    rf"\b[a-z]{{3,}}(?:{DRUG_STEMS}|"
    r"ib|limus|vastatin|pril|micin|conazole|rozole|xifene?|estrant|glutide|pitant|gabalin|pentin|zepam|oxetine|"
    r"trexate?|tecan|poside|relbine|cristine|ribulin|pilone|lidomide|parin|xaban|gatran|grastim|poetin|"
    r"(?:ner|ber|ata|ter)cept|kinra|steride|relix|relin|azosin|dipine|thiazide|semide|profen|oxicam|gepant|orexant|"
    r"floxacin|cycline|penem|vudine|tidine|lukast|(?:mo|me|bu|lan|da|ca)terol|tropium|sonide|metasone|nisone|"
    r"nisolone|peridone|piprazole|apine|afil|fibrate|formin|glitazone|siran|nersen|paratide|stane|stat)\b",
    re.IGNORECASE,
)
"""Names that end in a stem of their class, or in an older common ending."""
_MEASURE = r"(?:dos(?:e|es|age|ing)|levels?|troughs?|concentrations?|half[\s-]?life|clearance|mg(?:/m[²2])?|schedule)"
_MEASURE_BEFORE = re.compile(
    rf"\b(?:{_MEASURE}|how (?:much|many mg|often))(?: (?:was|is|were|of|for|does|do|did))?(?: the)?\s*$", re.IGNORECASE
)
_MEASURE_AFTER = re.compile(rf"^\s*{_MEASURE}\b", re.IGNORECASE)
_SAME_NAME = 0.85
"""How alike two names must be to be one name, mistyped; trastuzumab and pertuzumab are 0.76 alike."""


def drugs_named(text: str) -> frozenset[str]:
    """Return the drugs that a text names, in lower case, as far as their names end in a stem of their class."""
    return frozenset(match.group().lower() for match in _DRUG.finditer(text))


def lacks_asked_drug(question: str, quote: str) -> bool:
    """Tell whether a question asks for a drug's dose or level, and a sentence names drugs, but not that one."""
    asked = _drugs_measured(question)
    given = drugs_named(quote) if asked else frozenset()
    return bool(given) and not any(get_close_matches(name, given, n=1, cutoff=_SAME_NAME) for name in asked)


@lru_cache(maxsize=64)
def _drugs_measured(question: str) -> frozenset[str]:
    return frozenset(
        match.group().lower()
        for match in _DRUG.finditer(question)
        if _MEASURE_BEFORE.search(question, 0, match.start()) or _MEASURE_AFTER.search(question[match.end() :])
    )


def tells_of_another(question: str, quote: str) -> bool:
    """Tell whether a sentence names only other members than those asked for, of a set that exclude one another.

    Times, grades and parts are such sets too: week 12 where week 24 is asked for.
    """
    return _other_time(question, quote) or any(
        any(words.search(quote) for words in others) and not any(words.search(quote) for words in asked)
        for asked, others in _asked_and_others(question)
    )


def _other_time(question: str, quote: str) -> bool:
    asked, given = qualifiers(question), qualifiers(quote)
    units = {unit for unit, _ in asked}
    return bool(asked) and asked.isdisjoint(given) and any(unit in units for unit, _ in given)


@lru_cache(maxsize=64)
def _asked_and_others(question: str) -> tuple[tuple[_Members, _Members], ...]:
    """Return, of each set that a question names a member of, the members that it names and the others."""
    parted = []
    for members in (*_SETS, _ENDS) if _ASKS_WHEN.search(question) else _SETS:
        named = [bool(words.search(question)) for words in members]
        if any(named):
            parted.append((tuple(compress(members, named)), tuple(compress(members, map(not_, named)))))
    return tuple(parted)
