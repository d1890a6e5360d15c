"""What a question means: what its words ask for, which studies it is about, what it takes from earlier ones."""

from digestqa.understanding.meaning import Understood
from digestqa.understanding.understood import Understander

__all__ = ["Understander", "Understood"]
