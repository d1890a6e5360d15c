"""Draws ``docs/answer.svg``: what a terminal shows for the README's question. ``python docs/screenshot.py``."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
QUESTION = "what is the primary outcome?"
COLUMNS = 100
FRAME = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>{styles} text {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; }}</style>
<defs>{lines}</defs><rect width="{width}" height="{height}" rx="8" fill="{terminal_background}"/>
<g transform="translate(9, 20)">{backgrounds}{matrix}</g></svg>
"""


def main() -> int:
    """Ask, and draw what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "digestqa", "--color", "always", "ask", QUESTION],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text(f'$ digestqa ask "{QUESTION}"'))
    console.print(Text.from_ansi(done.stdout.rstrip()))
    svg = console.export_svg(title="digestqa", code_format=FRAME.replace("{terminal_background}", "#292929"))
    (ROOT / "docs" / "answer.svg").write_text(svg, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
