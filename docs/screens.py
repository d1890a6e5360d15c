"""Draws ``screen-wide.svg`` and ``screen-narrow.svg``: the terminal UI over the digest of this repository.

``python docs/screens.py``: the real program with the real library and models, drawn without a terminal.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from pathlib import Path

from digestqa.sessions import SessionFiles
from digestqa.settings import Settings
from digestqa.tui.app import ChatApp
from digestqa.tui.engine import LibraryEngine

ROOT = Path(__file__).parent.parent
QUESTIONS = ("what is the primary outcome?", "what dose of thymosin alpha 1 was given in mg?")
SCREENS = {"screen-wide": (120, 32), "screen-narrow": (80, 24)}
PATIENCE_S = 120.0
_WEB_FONTS = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)


async def drawn(size: tuple[int, int], questions: tuple[str, ...], embeddings: Path) -> str:
    """Ask the questions and return the screen."""
    app = ChatApp(LibraryEngine(Settings(Path("seeds"), embeddings)), SessionFiles(None), seeds="seeds")
    async with app.run_test(size=size) as pilot:
        app.prompt.cursor_blink = False
        for question in questions:
            app.prompt.insert(question)
            await pilot.press("enter")
            ends = time.monotonic() + PATIENCE_S
            while not app.conversation.turns or app.conversation.turns[-1].reply is None:
                await pilot.pause(0.05)
                if time.monotonic() > ends:
                    raise SystemExit("no answer came")
        # The wide screen shows the source of the first answer.
        await pilot.press("alt+up")
        await pilot.pause(0.5)
        return app.export_screenshot(title="digestqa")


def main() -> int:
    """Draw both screens."""
    os.chdir(ROOT)
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with tempfile.TemporaryDirectory() as temporary:
        for name, size in SCREENS.items():
            svg = asyncio.run(drawn(size, QUESTIONS, Path(temporary)))
            # Nothing is fetched to show the picture: the reader's own monospaced letters serve.
            (ROOT / "docs" / f"{name}.svg").write_text(_WEB_FONTS.sub("", svg), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
