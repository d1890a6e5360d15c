from __future__ import annotations

import base64
import os
import stat
import sys
from pathlib import Path

import pytest

from digestqa.clipboard import OSC52_MAX_CHARS, clipboard_commands, copy_text, osc52, passed_through

ON_X = {"DISPLAY": ":0"}
OVER_SSH = {**ON_X, "SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}

posix_only = pytest.mark.skipif(os.name == "nt", reason="stands programs in by shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that is the whole PATH; each writes its arguments and its input beside itself."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def stand_in(folder: Path, name: str, code: int = 0) -> None:
    program = folder / name
    program.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(folder / name)!r} + '.args', 'w').write(' '.join(sys.argv[1:]))\n"
        f"open({str(folder / name)!r} + '.in', 'wb').write(sys.stdin.buffer.read())\nsys.exit({code})\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def names(environment: dict[str, str], platform: str = "linux") -> list[str]:
    return [command[0] for command in clipboard_commands(environment, platform)]


def test_each_system_has_its_own_clipboard() -> None:
    assert names({}, "darwin") == ["pbcopy"]
    assert names({}, "win32") == ["clip.exe"]
    assert names({"WAYLAND_DISPLAY": "wayland-0", **ON_X}) == ["wl-copy", "xclip", "xsel"]
    assert names(ON_X) == ["xclip", "xsel"]
    assert names({"WSL_DISTRO_NAME": "Debian"}) == ["clip.exe"]
    assert names({"TERMUX_VERSION": "1"}) == ["termux-clipboard-set"]


def test_without_a_display_and_over_ssh_there_is_none() -> None:
    assert names({}) == []
    assert names(OVER_SSH) == []
    assert names({"SSH_TTY": "/dev/pts/1"}, "darwin") == []


@posix_only
def test_the_text_goes_to_the_first_program_that_takes_it(programs: Path) -> None:
    stand_in(programs, "xclip", code=1)
    stand_in(programs, "xsel")
    assert copy_text("Tα1 [b]\n", ON_X, "linux")
    assert (programs / "xsel.in").read_text(encoding="utf-8") == "Tα1 [b]\n"
    assert (programs / "xsel.args").read_text() == "--clipboard --input"
    assert (programs / "xclip.in").exists()


@posix_only
def test_windows_gets_its_own_encoding(programs: Path) -> None:
    stand_in(programs, "clip.exe")
    assert copy_text("Tα1", {"WSL_DISTRO_NAME": "Debian"}, "linux")
    assert (programs / "clip.exe.in").read_bytes().decode("utf-16-le") == "Tα1"


@posix_only
def test_a_missing_or_failing_program_is_no_error(programs: Path) -> None:
    assert not copy_text("x", ON_X, "linux")
    stand_in(programs, "xclip", code=3)
    assert not copy_text("x", ON_X, "linux")


@posix_only
def test_inside_tmux_its_buffer_gets_the_text_too_even_over_ssh(programs: Path) -> None:
    stand_in(programs, "tmux")
    stand_in(programs, "xclip")
    assert not copy_text("Tα1", {**OVER_SSH, "TMUX": "/tmp/tmux-0/default,1,0"}, "linux")
    assert (programs / "tmux.args").read_text() == "load-buffer -w -"
    assert (programs / "tmux.in").read_text(encoding="utf-8") == "Tα1"
    assert not (programs / "xclip.in").exists()


def test_the_terminal_is_asked_by_osc_52() -> None:
    assert osc52("Tα1", {}) == f"\x1b]52;c;{base64.b64encode('Tα1'.encode()).decode()}\x07"


def test_tmux_and_screen_are_asked_to_pass_it_on() -> None:
    plain = osc52("x", {})
    assert osc52("x", {"TMUX": "1"}) == plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"
    assert osc52("x", {"STY": "1"}) == plain + "\x1bP" + plain + "\x1b\\"
    assert passed_through(plain, {}) == ""


def test_what_terminals_would_drop_is_not_sent() -> None:
    assert osc52("x" * OSC52_MAX_CHARS, {}) == ""
    assert osc52("\ud800 is no text", {}) != ""
