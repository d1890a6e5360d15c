from __future__ import annotations

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from digestqa.clipboard import osc52
from tui.stage import FakeEngine, staged


@pytest.mark.parametrize("environment", [{}, {"TMUX": "/tmp/tmux-0/default,1,0"}, {"STY": "1.tty"}])
async def test_what_is_copied_is_also_sent_through_tmux_and_screen_to_the_terminal(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    written: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: written.append(data))
    async with staged(engine) as stage:
        await stage.ready()
        written.clear()
        stage.app.copy_to_clipboard("Tα1 [b]")
        assert stage.app.clipboard == "Tα1 [b]"
        assert "".join(part for part in written if "52;c;" in part) == osc52("Tα1 [b]", environment)
