"""``python -m digestqa``."""

from digestqa.cli import run

run()
