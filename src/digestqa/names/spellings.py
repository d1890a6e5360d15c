"""Regular pairs of spelling: British and American, number words, units in words and in short."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBERS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_SHORTENED = {
    "yr": "year",
    "yrs": "years",
    "wk": "week",
    "wks": "weeks",
    "mcg": "ug",
    "microgram": "ug",
    "micrograms": "ug",
    "milligram": "mg",
    "milligrams": "mg",
    "millilitre": "ml",
    "milliliter": "ml",
    "millilitres": "ml",
    "milliliters": "ml",
    "vs": "versus",
    "programme": "program",
    "programmes": "programs",
    "grey": "gray",
    "ageing": "aging",
    "sulphate": "sulfate",
    "aluminium": "aluminum",
}

# What is matched, between what stands around it, is written the American way. A word that only looks British becomes
# the same odd word on both sides of a search, which does no harm.
_BRITISH = re.compile(
    "|".join(
        (
            r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|al$|ally$|abl[ey]$|ite$|ites$|less$|ers?$|hoods?$)",
            r"(?<=[a-z]{2})is(?=(?:e[drs]?|ing|ations?|ational|ers|able)$)",
            r"(?<=[a-z]l)ys(?=(?:e[drs]?|ing|ers)$)",
            r"ae(?=m[ioay]|m$|sth)",
            r"(?<=fib|ent|lit|met|tit)re(?=s?$)",
            r"^(?:oe|ae)(?=soph|str|dem|tiolog)",
            r"oe(?=dem|strogen|stradi)",
            r"(?<=rrh)oe",
            r"(?<=pn)oe",
            r"(?<=^p)ae(?=diatr|do)",
            r"(?<=orthop)ae(?=d)",
            r"(?<=gyn)ae(?=c)",
            r"(?<=^f)oe(?=tus|tal)",
            r"(?<=^[cf])ae(?=c)",
            r"(?<=^c)oe(?=liac)",
            r"(?<=^c)ae(?=sar)",
            r"(?<=man)oeu(?=v)",
            r"(?<=p)ae(?=nia)",
            r"(?<=^sul)ph",
            r"ll(?=(?:ed|ing)$)",
            r"(?<=[a-z]{3})ogue(?=s?$)",
            r"(?<=^lic)ence|(?<=^def)ence",
        )
    )
)
_AMERICAN = {
    "our": "or",
    "is": "iz",
    "ys": "yz",
    "ae": "e",
    "oe": "e",
    "oeu": "eu",
    "ph": "f",
    "re": "er",
    "ll": "l",
    "ogue": "og",
    "ence": "ense",
}


@lru_cache(maxsize=1 << 16)
def regular(word: str) -> str:
    """Return the spelling under which a lower-case word is compared."""
    known = _NUMBERS.get(word) or _SHORTENED.get(word)
    if known is not None:
        return known
    if len(word) < 4:
        return word
    return _BRITISH.sub(lambda match: _AMERICAN[match.group()], word)


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """Return a lower-case word without a plural's ending; words of three letters keep it."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 5 else word[:-1]
