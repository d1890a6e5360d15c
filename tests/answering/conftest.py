from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def every_library_has_its_encoder_at_hand(encoder_at_hand: None) -> None:
    """These tests are about answers."""
