"""What the groups of commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digestqa.tui.drawing import DrawnApp


class Commands:
    """A group of commands of one application. A method ``do_NAME`` does the command of that name in the table."""

    def __init__(self, app: DrawnApp) -> None:
        self._app = app
