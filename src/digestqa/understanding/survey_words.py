"""Words of a question over the library that name no study."""

from __future__ import annotations

KIND_WORDS = ("trials", "studies", "digests", "pages", "papers")
"""What a library's studies are called."""
KINDS = rf"(?:{'|'.join(KIND_WORDS)})"
RANDOMISED_ON_TAG_LINE = r"(?<!non )(?<!not )(?:rct|randomi[sz]ed controlled trial)"
"""A regular expression for that evidence type as tag lines have it."""

SAYS_NOTHING = frozenset(
    """
    which what how many list all any are there is was were be been being do does did has have had having that the a an
    of in on with for about to and or it they them these those this our my your we you i here library collection trial
    trials study studies digest digests page pages paper papers record records protocols registrations cohorts ones
    still currently now yet presently today already actively early prematurely too also other please show me us give
    tell say says said state states two three four five six both either each what's there's can could so
    then according altogether overall clinical research listed described noted shown as status whose know wonder report
    reports reported contain contains include includes give gives provide provides hold holds
    """.split()
)
"""Words that limit nothing; any other must name what the studies are called after, or the question must be read for."""
LIMITS = frozenset(
    """
    before after because due owing since until during under above below against despite following per versus only
    first last largest smallest randomised randomized blind blinded double-blind open-label placebo controlled phase
    pilot multicentre multicenter adaptive planned completed
    """.split()
)
"""Words of a time, a reason, an order or a design: what studies are called seldom tells it."""
TAKING_PART = frozenset("enrolled enroll enrol recruited included randomised randomized size sizes sample n".split())
RESULTS = frozenset("result results finding findings data outcome outcomes".split())
MARKED = frozenset(
    """
    flag flags flagged tagged marked labelled labeled present drug information info details explicit explicitly
    """.split()
)
WRITES = frozenset("write wrote written by made generated produced created summarised summarized using".split())
