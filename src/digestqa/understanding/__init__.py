"""What a question means: what its words ask for, which studies it is about, what it takes from earlier ones."""

from digestqa.understanding.page_facts import PageFact, asked_page_facts
from digestqa.understanding.understood import Understander, Understood
from digestqa.understanding.wording import asks_everywhere, asks_for_finding, asks_for_list, asks_several, asks_which

__all__ = [
    "PageFact",
    "Understander",
    "Understood",
    "asked_page_facts",
    "asks_everywhere",
    "asks_for_finding",
    "asks_for_list",
    "asks_several",
    "asks_which",
]
