from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from digestqa.links import browser_command, open_link

URL = "https://clinicaltrials.gov/study/NCT90000001"
ON_X = {"DISPLAY": ":0"}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="stands programs in by shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("xdg-open", "open", "wslview", "lynx", "firefox", "rundll32"):
        program = folder / name
        program.write_text(
            f"#!{sys.executable}\nimport sys\nopen({str(folder)!r} + '/opened', 'w').write(sys.argv[-1])\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.mark.parametrize(
    ("environment", "platform", "program"),
    [
        (ON_X, "linux", "xdg-open"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "xdg-open"),
        ({**ON_X, "BROWSER": "firefox"}, "linux", "xdg-open"),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", "wslview"),
        ({}, "darwin", "open"),
        ({}, "win32", "rundll32"),
    ],
)
def test_a_window_opens_where_there_is_one(
    programs: Path, environment: dict[str, str], platform: str, program: str
) -> None:
    command = browser_command(environment, platform)
    assert command is not None
    assert Path(command[0]) == programs / program


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({}, "linux"),
        ({**ON_X, "SSH_CONNECTION": "x"}, "linux"),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin"),
        ({**ON_X, "BROWSER": "lynx"}, "linux"),
        ({**ON_X, "BROWSER": "/usr/bin/w3m %s"}, "linux"),
    ],
)
@pytest.mark.usefixtures("programs")
def test_no_browser_starts_over_ssh_without_a_display_or_in_text_mode(
    environment: dict[str, str], platform: str
) -> None:
    assert browser_command(environment, platform) is None
    assert not open_link(URL, environment, platform)


def test_the_link_is_handed_over_as_it_is(programs: Path) -> None:
    assert open_link(URL, ON_X, "linux")
    deadline = time.monotonic() + 30
    while not (programs / "opened").exists() or not (programs / "opened").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (programs / "opened").read_text() == URL


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("text", ["file:///etc/passwd", "--help", "javascript:x", ""])
def test_only_web_addresses_are_opened(text: str) -> None:
    assert not open_link(text, ON_X, "linux")


def test_a_system_without_an_opener_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_link(URL, ON_X, "linux")
