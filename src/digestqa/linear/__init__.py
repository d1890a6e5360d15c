"""The conversation line by line, for screen readers, dumb terminals and pipes: nothing is drawn twice."""

from __future__ import annotations

from digestqa.linear.chat import run_linear

__all__ = ["run_linear"]
