"""Many ids at once, as sorted arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def ascending(ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ids in order and each once, as an array of shape (n,)."""
    import numpy as np

    array = np.asarray(ids, dtype=np.int64)
    # Ids mostly come in order, and to see that is a hundred times quicker than to sort a million.
    return array if np.all(array[1:] > array[:-1]) else np.unique(array)


def read_ids(text: Any) -> NDArray[np.int64]:
    """Return the whole numbers of a text that SQL's ``group_concat`` made, as an array of shape (n,).

    One long text is several times quicker than a row for each number.
    """
    import numpy as np

    return np.fromstring(text or "", dtype=np.int64, sep=",")
