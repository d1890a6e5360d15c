"""Opening a study's page in a browser that has a window of its own; never one that would draw over the terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping

from digestqa.clipboard import over_ssh

TEXT_BROWSERS = frozenset({"lynx", "w3m", "links", "links2", "elinks", "browsh", "carbonyl", "www-browser"})


def open_link(url: str, environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> bool:
    """Open a link in a browser and do not wait for it.

    Args:
        url: of http or https; anything else is not opened.
        environment: the process's by default.
        platform: as ``sys.platform``.

    Returns:
        Whether a browser was started. False over SSH, without a display, and where the browser is a text-mode one:
        then the link is to be shown and copied instead.
    """
    environment = os.environ if environment is None else environment
    if not url.startswith(("https://", "http://")):
        return False
    command = browser_command(environment, platform)
    if command is None:
        return False
    try:
        process = subprocess.Popen(
            [*command, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    threading.Thread(target=process.wait, daemon=True).start()
    return True


def browser_command(environment: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """Return the command that opens a link in a window, or None where there is no such thing."""
    if over_ssh(environment):
        return None
    if platform == "win32":
        return _found(["rundll32", "url.dll,FileProtocolHandler"])
    if platform == "darwin":
        return _found(["open"])
    if environment.get("WSL_DISTRO_NAME") and (opener := _found(["wslview"])):
        return opener
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    # xdg-open obeys BROWSER, a list of commands parted by colons.
    chosen = environment.get("BROWSER", "").split(os.pathsep)[0].split()
    if chosen and os.path.basename(chosen[0]) in TEXT_BROWSERS:
        return None
    return _found(["xdg-open"]) or _found(["gio", "open"]) or (_found(chosen[:1]) if chosen else None)


def _found(command: list[str]) -> list[str] | None:
    program = shutil.which(command[0])
    return None if program is None else [program, *command[1:]]
