"""The sessions of a person, one of which is being written."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from digestqa.errors import FileRefusedError, UsageError
from digestqa.sessions.export import export_session
from digestqa.sessions.files import SUFFIX, HeldFile, SavedSession, header_value, line_of, read_session, turn_value
from digestqa.sessions.folder import session_storage_error, sessions_folder
from digestqa.sessions.questions import QuestionHistory
from digestqa.sessions.search import matching, searched_text
from digestqa.sessions.turns import FoundTurn, LeftOut, SavedTurn, SessionSummary

if TYPE_CHECKING:
    from digestqa.settings import Settings

_NEAREST_CUTOFF = 0.6


@dataclass(slots=True)
class _Read:
    """A session's file as it was when it was read, its turns' texts for searching, and why it is no session if so."""

    stamp: tuple[int, int]
    session: SavedSession | None
    texts: tuple[str, ...]
    reason: str = ""


@dataclass(slots=True)
class _Present:
    """The session that is being written; without a file until it holds a turn."""

    session: SavedSession
    file: HeldFile | None = None
    on_disk: int = 0
    texts: list[str] = field(default_factory=list)


class SessionFiles:
    """Sessions in a folder, one file each; or, without a folder, in this program's memory alone.

    May be used from any thread. A session is written by one program at a time.
    """

    def __init__(
        self,
        folder: Path | None,
        library: Mapping[str, Any] | None = None,
        now: Callable[[], datetime.datetime] | None = None,
    ) -> None:
        """Begin an empty session; nothing is written before its first turn.

        Args:
            folder: where the sessions are; None keeps nothing on disk.
            library: what is known of the library, for the header of each session's file.
            now: the present moment, with a time zone; the system's clock by default.
        """
        self._folder = folder
        self._library = dict(library or {})
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        self._guard = threading.RLock()
        self._reading = threading.Lock()
        self._history: QuestionHistory | None = None
        self._history_fails = False
        self._read: dict[str, _Read] = {}
        self._left: dict[str, SavedSession] = {}
        self._present = self._empty()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the sessions that the settings ask for."""
        library = {"seeds": str(settings.seeds.absolute()), "embeddings": str(settings.embeddings.absolute())}
        return cls(sessions_folder(settings.sessions), library)

    @property
    def id(self) -> str:
        """The present session's name: the day, and a number."""
        return self._present.session.id

    @property
    def location(self) -> Path | None:
        """The file of the present session, which is there once it holds a turn; None where nothing is kept."""
        return None if self._folder is None else self._folder / f"{self.id}{SUFFIX}"

    @property
    def turns(self) -> Sequence[SavedTurn]:
        """The turns of the present session."""
        return self._present.session.turns

    def append(self, turn: SavedTurn) -> None:
        """Add a turn to the present session; it is on the disk when this returns.

        Raises:
            StorageError: it cannot be written; the session goes on in memory and can be exported.
        """
        with self._guard:
            present = self._present
            present.session = replace(present.session, turns=(*present.session.turns, turn))
            present.texts.append(searched_text(turn))
            if self._folder is None:
                return
            try:
                if present.file is None:
                    present.file = self._create(self._folder, turn)
                else:
                    # What could not be written before is tried again.
                    unwritten = present.session.turns[present.on_disk :]
                    present.file.append(b"".join(line_of(turn_value(entry)) for entry in unwritten))
            except OSError as error:
                raise session_storage_error(error, self._folder) from error
            present.on_disk = len(present.session.turns)

    def _create(self, folder: Path, turn: SavedTurn) -> HeldFile:
        """Make the present session's file with what it holds; another name if another program took its own first."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        present = self._present
        while True:
            path = folder / f"{present.session.id}{SUFFIX}"
            try:
                file = HeldFile(path, new=True)
                break
            except FileExistsError:
                present.session = replace(present.session, id=self._free_id())
        library = dict(self._library)
        if turn.reply is not None:
            known = turn.reply.library
            library |= {"encoder": known.encoder, "reader": known.reader, "state": known.state}
        present.session = replace(present.session, library=library)
        try:
            lines = [header_value(present.session), *map(turn_value, present.session.turns)]
            file.append(b"".join(map(line_of, lines)))
        except OSError:
            file.close()
            with contextlib.suppress(OSError):
                path.unlink()
            raise
        return file

    def note_question(self, question: str) -> None:
        """Add a line to the input history.

        Raises:
            StorageError: it cannot be written; told once, then remembered in memory alone.
        """
        with self._guard:
            try:
                self._questions().note(question)
            except OSError as error:
                if self._history_fails:
                    return
                self._history_fails = True
                raise session_storage_error(error, self._folder or Path()) from error

    def questions(self) -> Sequence[str]:
        """Return the input history of all sessions, oldest first."""
        with self._guard:
            return self._questions().questions

    def _questions(self) -> QuestionHistory:
        if self._history is None:
            self._history = QuestionHistory(self._folder)
        return self._history

    def start_new(self) -> None:
        """End the present session and begin an empty one."""
        with self._guard:
            self._leave()
            self._present = self._empty()

    def close(self) -> None:
        """Let go of the present session's file."""
        with self._guard:
            self._leave()

    def resume(self, session_id: str) -> Sequence[SavedTurn]:
        """Make an earlier session the present one and return its turns.

        Raises:
            UsageError: there is no such session, or another program holds it.
            StorageError: its file cannot be read or written.
        """
        wanted = session_id.strip()
        with self._guard:
            if wanted == self.id:
                return self.turns
            if self._folder is None:
                if wanted not in self._left:
                    raise self._no_session(wanted)
                self._leave()
                return self._make_present(self._left.pop(wanted), None)
            if wanted not in self._ids():
                raise self._no_session(wanted)
            path = self._folder / f"{wanted}{SUFFIX}"
            file: HeldFile | None = None
            try:
                file = HeldFile(path, new=False)
                session = read_session(path)
            except BlockingIOError as error:
                raise UsageError(
                    f"the session {wanted} is open in another program", "leave it there first, or begin a /new one"
                ) from error
            except OSError as error:
                if file is not None:
                    file.close()
                raise session_storage_error(error, path) from error
            except FileRefusedError as error:
                if file is not None:
                    file.close()
                raise UsageError(
                    f"the session {wanted} cannot be read: {error.message}", f"its file {path} is left as it is"
                ) from error
            self._leave()
            return self._make_present(session, file)

    def _make_present(self, session: SavedSession, file: HeldFile | None) -> Sequence[SavedTurn]:
        texts = [searched_text(turn) for turn in session.turns]
        self._present = _Present(session, file, len(session.turns), texts)
        return session.turns

    def _no_session(self, wanted: str) -> UsageError:
        ids = [summary.id for summary in self.sessions()]
        nearest = difflib.get_close_matches(wanted, ids, n=3, cutoff=_NEAREST_CUTOFF) or ids[:3]
        hint = f"the nearest are {', '.join(nearest)}" if nearest else "nothing is saved yet"
        return UsageError(f"there is no session '{wanted}'", hint)

    def sessions(self) -> Sequence[SessionSummary]:
        """Return all sessions that hold a turn, latest first."""
        summaries = [_summary(session) for session, _ in self._all() if session.turns]
        return sorted(summaries, key=lambda summary: (summary.last_at, summary.id), reverse=True)

    def left_out(self) -> Sequence[LeftOut]:
        """Return the files that ``sessions`` and ``search`` leave out because they cannot be read, by their names."""
        found = []
        with self._guard:
            written = self._present.session.id if self._present.file is not None else None
        with self._reading:
            for session_id in self._ids():
                if session_id == written:
                    continue
                read = self._read_again(session_id)
                reason = read.reason
                if read.session is not None and read.session.damaged_lines and not read.session.turns:
                    reason = "none of its questions can be read"
                if reason:
                    found.append(LeftOut(f"{session_id}{SUFFIX}", reason))
        return found

    def search(self, text: str, limit: int = 50) -> Sequence[FoundTurn]:
        """Return turns of all sessions whose question, quotes or studies hold every word of the text, latest first.

        Letter case and accents do not matter; an empty text finds the latest turns.
        """
        turns = [
            (FoundTurn(session.id, position, turn), within)
            for session, texts in self._all()
            for position, (turn, within) in enumerate(zip(session.turns, texts, strict=True))
        ]
        found = sorted(
            matching(turns, text),
            key=lambda entry: (entry.turn.asked_at, entry.session_id, entry.position),
            reverse=True,
        )
        return found[:limit]

    def export(self, form: Literal["markdown", "json"], path: Path | None = None) -> Path:
        """Write the present session to a file of its own and return it.

        Raises:
            StorageError: it cannot be written, or the path is taken.
            UsageError: the session holds no turn.
        """
        return export_session(self._present.session, form, path)

    # Reading

    def _ids(self) -> list[str]:
        if self._folder is None:
            return []
        try:
            return sorted(path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}"))
        except OSError:
            return []

    def _all(self) -> list[tuple[SavedSession, Sequence[str]]]:
        """Return every session with the texts of its turns; the present one as it stands in memory."""
        with self._guard:
            present = self._present
            found: list[tuple[SavedSession, Sequence[str]]] = [(present.session, tuple(present.texts))]
            left = [*self._left.values()]
            written = present.session.id if present.file is not None else None
        found += [(session, [searched_text(turn) for turn in session.turns]) for session in left]
        # Reading many files takes a while; what is asked meanwhile must not wait for it to be saved.
        with self._reading:
            for session_id in self._ids():
                read = None if session_id == written else self._read_again(session_id)
                if read is not None and read.session is not None:
                    found.append((read.session, read.texts))
        return found

    def _read_again(self, session_id: str) -> _Read:
        """Read a session's file, unless it is as it was when it was last read."""
        assert self._folder is not None
        path = self._folder / f"{session_id}{SUFFIX}"
        try:
            about = path.stat()
            stamp = (about.st_mtime_ns, about.st_size)
            known = self._read.get(session_id)
            if known is None or known.stamp != stamp:
                known = self._read[session_id] = _read(path, stamp)
        except FileNotFoundError:  # gone since the folder was listed
            return _Read((0, 0), None, ())
        except OSError as error:
            return _Read((0, 0), None, (), error.strerror or str(error))
        return known

    # The present session

    def _leave(self) -> None:
        present = self._present
        if present.file is not None:
            present.file.close()
            present.file = None
        elif self._folder is None and present.session.turns:
            self._left[present.session.id] = present.session

    def _empty(self) -> _Present:
        return _Present(SavedSession(self._free_id(), _second(self._now()), dict(self._library)))

    def _free_id(self) -> str:
        day = self._now().astimezone().date().isoformat()
        taken = {*self._ids(), *self._left}
        number = 1
        while f"{day}-{number}" in taken:
            number += 1
        return f"{day}-{number}"


def _read(path: Path, stamp: tuple[int, int]) -> _Read:
    try:
        session = read_session(path)
    except FileRefusedError as error:
        return _Read(stamp, None, (), error.message)
    return _Read(stamp, session, tuple(map(searched_text, session.turns)))


def _summary(session: SavedSession) -> SessionSummary:
    return SessionSummary(
        id=session.id,
        started_at=session.started_at,
        last_at=session.turns[-1].asked_at or session.started_at,
        turns=len(session.turns),
        first_question=session.turns[0].question,
        damaged_lines=session.damaged_lines,
    )


def _second(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
