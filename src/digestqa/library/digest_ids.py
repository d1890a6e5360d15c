"""Sets of digest ids as sorted arrays: a word may stand in tens of thousands of digests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class DigestIds(Collection[int]):
    """A set of digest ids.

    Args:
        array: the ids, ascending and without repeats, of shape (n,) and type int64.
        complete: whether no id is missing; of a word that very many passages hold only some digests are known.

    Attributes:
        array: the ids.
        complete: whether no id is missing.
    """

    __slots__ = ("array", "complete")

    def __init__(self, array: NDArray[np.int64], *, complete: bool = True) -> None:
        self.array = array
        self.complete = complete

    @classmethod
    def of(cls, ids: Iterable[int]) -> DigestIds:
        """Return the set of some ids."""
        import numpy as np

        return cls(np.unique(np.fromiter(ids, dtype=np.int64)))

    def __contains__(self, digest_id: object) -> bool:
        at = int(self.array.searchsorted(digest_id)) if isinstance(digest_id, int) else len(self.array)
        return at < len(self.array) and int(self.array[at]) == digest_id

    def __iter__(self) -> Iterator[int]:
        return iter(self.array.tolist())

    def __len__(self) -> int:
        return len(self.array)

    def __repr__(self) -> str:
        return f"DigestIds({self.array.tolist()}, complete={self.complete})"

    def __or__(self, other: DigestIds) -> DigestIds:
        import numpy as np

        return DigestIds(np.union1d(self.array, other.array), complete=self.complete and other.complete)

    def __and__(self, other: DigestIds) -> DigestIds:
        import numpy as np

        both = np.intersect1d(self.array, other.array, assume_unique=True)
        return DigestIds(both, complete=self.complete and other.complete)
