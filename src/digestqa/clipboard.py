"""Copying a text: through the program that owns the clipboard here, and through the terminal (OSC 52)."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

OSC52_MAX_CHARS = 74_994
"""What xterm and others take of a text in base64; a longer sequence is dropped or printed, so none is sent."""

_TIMEOUT_S = 2.0


def copy_text(text: str, environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> bool:
    """Give a text to the system's clipboard, and inside tmux to its buffer too. Blocks for two seconds at most.

    Args:
        text: any text.
        environment: the process's by default.
        platform: as ``sys.platform``.

    Returns:
        Whether the clipboard of this machine's display took it: not over SSH, without a display or a program for it.
    """
    environment = os.environ if environment is None else environment
    data = text.encode("utf-8", errors="replace")
    if environment.get("TMUX"):
        # -w hands the text on to the terminal that tmux runs in, also where tmux lets no OSC 52 of programs pass.
        _fed(["tmux", "load-buffer", "-w", "-"], data)
    return any(
        _fed(command, text.encode("utf-16-le", errors="replace") if command[0] == "clip.exe" else data)
        for command in clipboard_commands(environment, platform)
    )


def clipboard_commands(environment: Mapping[str, str], platform: str = sys.platform) -> list[list[str]]:
    """Return the commands that may own the clipboard here, best first; they read the text on standard input."""
    if over_ssh(environment):
        # It would be the clipboard of a machine before which nobody sits.
        return []
    if platform == "win32":
        return [["clip.exe"]]
    if platform == "darwin":
        return [["pbcopy"]]
    commands = []
    if environment.get("WAYLAND_DISPLAY"):
        commands.append(["wl-copy"])
    if environment.get("DISPLAY"):
        commands += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if environment.get("WSL_DISTRO_NAME"):
        commands.append(["clip.exe"])
    if environment.get("TERMUX_VERSION"):
        commands.append(["termux-clipboard-set"])
    return commands


def osc52(text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return what makes a terminal copy a text: OSC 52 (xterm's control sequences, "Manipulate Selection Data").

    Inside tmux and GNU screen it comes a second time, wrapped so that they pass it on to the terminal outside.
    The result is empty where the text is longer than terminals take.
    """
    encoded = base64.b64encode(text.encode("utf-8", errors="replace")).decode("ascii")
    if len(encoded) > OSC52_MAX_CHARS:
        return ""
    sequence = f"\x1b]52;c;{encoded}\x07"
    return sequence + passed_through(sequence, environment)


def passed_through(sequence: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a control sequence wrapped so that tmux or GNU screen hands it on; empty where neither is there."""
    environment = os.environ if environment is None else environment
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return ""


def over_ssh(environment: Mapping[str, str]) -> bool:
    """Tell whether the person sits at another machine."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def _fed(command: list[str], data: bytes) -> bool:
    """Run a command with data on its standard input; False where it is not there or fails."""
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        # xclip and wl-copy stay behind to serve the selection: nothing of theirs may hold this program's streams.
        done = subprocess.run(
            [program, *command[1:]],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
