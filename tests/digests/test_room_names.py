"""The room's public names."""

from __future__ import annotations

import subprocess
import sys

import pytest

import digestqa.digests


def test_every_public_name_loads() -> None:
    for name in digestqa.digests.__all__:
        assert getattr(digestqa.digests, name) is not None
    assert set(digestqa.digests.__all__) <= set(dir(digestqa.digests))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        digestqa.digests.nothing_of_the_kind  # noqa: B018  # the access itself is what is tested


def test_source_ids_need_no_reader() -> None:
    code = "import sys; from digestqa.digests import find_source_ids; print('digestqa.digests.reader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
