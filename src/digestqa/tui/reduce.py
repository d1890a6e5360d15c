"""How events change a conversation: one pure function, tested without an event loop.

``reduce`` takes a state and an event and returns the next state with what must be done about it (effects). Results
carry the number of the question they belong to, so that one that comes late can never stand under another question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from digestqa.tui.events import (
    Ask,
    AskFailed,
    Cancelled,
    CitationChosen,
    CitationStepped,
    Effect,
    Event,
    FiltersSet,
    Forget,
    GiveBack,
    JobEnded,
    JobProgressed,
    JobStarted,
    LibraryChanged,
    LibraryOpened,
    LibraryUnavailable,
    Reopen,
    Replied,
    Reveal,
    Save,
    SessionStarted,
    Submitted,
    Tell,
    TurnStepped,
)
from digestqa.tui.state import PENDING, Conversation, Job, Selection, Turn, restored, saved, with_turn

Step = tuple[Conversation, tuple[Effect, ...]]


def reduce(state: Conversation, event: Event) -> Step:
    """Return the state after an event, and what must be done about it, in that order."""
    after, effects = _CASES[type(event)](state, event)
    after, more = _start_next(after)
    return after, (*effects, *more)


def _start_next(state: Conversation) -> Step:
    """Give the oldest waiting question to the engine; one at a time, so that a follow-up knows what came before it."""
    if state.engine != "ready" or state.searching is not None:
        return state, ()
    turn = next((turn for turn in state.turns if turn.state == "queued"), None)
    if turn is None:
        return state, ()
    ask = Ask(turn.id, turn.question, state.history(turn.id), turn.filters, state.cited(turn.id))
    return with_turn(state, replace(turn, state="searching")), (ask,)


def _opened(state: Conversation, event: LibraryOpened) -> Step:
    after = replace(state, engine="ready", engine_error="", engine_hint="", library=event.facts, newer=None)
    return after, tuple(Tell(warning, severity="warning") for warning in event.warnings)


def _unavailable(state: Conversation, event: LibraryUnavailable) -> Step:
    """Fail what waits: it would wait for ever. The newest of it goes back into the prompt."""
    waiting = [turn for turn in state.turns if turn.state in PENDING]
    after = replace(
        state,
        engine="missing" if event.missing else "failed",
        engine_error=event.message,
        engine_hint=event.hint,
    )
    effects: list[Effect] = []
    for turn in waiting:
        after, failed = _finish(after, replace(turn, state="failed", error=event.message, hint=event.hint))
        effects += failed
    if waiting:
        effects.append(GiveBack(waiting[-1].question))
    effects.append(Tell(event.message, event.hint, "warning" if event.missing else "error"))
    return after, tuple(effects)


def _changed(state: Conversation, event: LibraryChanged) -> Step:
    known = state.library is not None and state.library.state == event.state
    # While our own job writes, its end takes the new state up; no one need be told.
    return (state if known or state.job else replace(state, newer=event.state)), ()


def _job_started(state: Conversation, event: JobStarted) -> Step:
    engine = state.engine if state.engine == "ready" else "building"
    return replace(state, job=Job(event.kind), engine=engine), ()


def _job_progressed(state: Conversation, event: JobProgressed) -> Step:
    if state.job is None:
        return state, ()
    return replace(state, job=replace(state.job, phase=event.phase, done=event.done, total=event.total)), ()


def _job_ended(state: Conversation, event: JobEnded) -> Step:
    kind = state.job.kind if state.job else "ingest"
    after = replace(state, job=None)
    tells: list[Effect] = [Tell(event.summary, event.hint, "error" if event.failed else "information")]
    tells += [Tell(problem, severity="warning") for problem in event.problems]
    if kind == "build":
        return after, tuple(tells)  # whoever builds on first use opens the library itself
    if state.engine != "ready":
        return replace(after, engine="loading"), (*tells, Reopen())
    return after, (*tells, Reopen()) if event.changed else tuple(tells)


def _submitted(state: Conversation, event: Submitted) -> Step:
    turn = Turn(state.next_id, event.question, event.asked_at, state.filters, "queued")
    after = replace(state, turns=(*state.turns, turn), next_id=state.next_id + 1)
    if state.engine in ("missing", "failed"):
        failed = replace(turn, state="failed", error=state.engine_error, hint=state.engine_hint)
        after, effects = _finish(after, failed)
        return after, (*effects, GiveBack(event.question), Reveal(turn.id))
    return after, (Reveal(turn.id),)


def _replied(state: Conversation, event: Replied) -> Step:
    turn = state.turn(event.turn_id)
    if turn is None or turn.state != "searching":
        return state, ()  # cancelled, or of a session that was left: dropped
    after, effects = _finish(state, replace(turn, state=event.reply.status, reply=event.reply))
    done = after.turn(turn.id)
    selection = Selection(turn.id, 0) if done is not None and done.citations else None
    return replace(after, selection=selection), (*effects, Reveal(turn.id))


def _ask_failed(state: Conversation, event: AskFailed) -> Step:
    turn = state.turn(event.turn_id)
    if turn is None or turn.state != "searching":
        return state, ()
    after, effects = _finish(state, replace(turn, state="failed", error=event.message, hint=event.hint))
    return after, (*effects, GiveBack(turn.question), Tell(event.message, event.hint, "error"), Reveal(turn.id))


def _cancelled(state: Conversation, event: Cancelled) -> Step:
    waiting = [turn for turn in state.turns if turn.state in PENDING]
    if not waiting:
        return state, ()
    turn = waiting[-1]
    after, effects = _finish(state, replace(turn, state="cancelled"))
    return after, (*effects, Forget(turn.id), GiveBack(turn.question))


def _finish(state: Conversation, turn: Turn) -> tuple[Conversation, list[Effect]]:
    return with_turn(state, turn), [Save(saved(turn))]


def _filters_set(state: Conversation, event: FiltersSet) -> Step:
    return replace(state, filters=event.filters), ()


def _citation_chosen(state: Conversation, event: CitationChosen) -> Step:
    turn = state.turn(event.turn_id) if event.turn_id is not None else state.selected_turn or _last_cited(state)
    if turn is None or not 0 <= event.index < len(turn.citations):
        count = len(turn.citations) if turn else 0
        told = f"there {'is 1 citation' if count == 1 else f'are {count} citations'}" if count else "there is none yet"
        return state, (Tell(f"no citation [{event.index + 1}]: {told}", severity="warning"),)
    return replace(state, selection=Selection(turn.id, event.index)), ()


def _citation_stepped(state: Conversation, event: CitationStepped) -> Step:
    turn = state.selected_turn
    if turn is None or state.selection is None:
        turn = _last_cited(state)
        return (state if turn is None else replace(state, selection=Selection(turn.id, 0))), ()
    index = (state.selection.index + event.step) % len(turn.citations)
    return replace(state, selection=Selection(turn.id, index)), ()


def _turn_stepped(state: Conversation, event: TurnStepped) -> Step:
    cited = [turn for turn in state.turns if turn.citations]
    if not cited:
        return state, ()
    at = next((index for index, turn in enumerate(cited) if turn is state.selected_turn), None)
    to = len(cited) - 1 if at is None else min(max(at + event.step, 0), len(cited) - 1)
    if at == to:
        return state, (Reveal(cited[to].id),)
    return replace(state, selection=Selection(cited[to].id, 0)), (Reveal(cited[to].id),)


def _last_cited(state: Conversation) -> Turn | None:
    return next((turn for turn in reversed(state.turns) if turn.citations), None)


def _session_started(state: Conversation, event: SessionStarted) -> Step:
    """Leave the present turns; what they still wait for is dropped when it comes."""
    effects: list[Effect] = []
    for turn in state.turns:
        if turn.state in PENDING:
            effects.append(Forget(turn.id))
    turns = tuple(restored(turn, state.next_id + at) for at, turn in enumerate(event.turns))
    after = replace(state, turns=turns, next_id=state.next_id + len(turns), selection=None)
    last = _last_cited(after)
    if last is not None:
        after = replace(after, selection=Selection(last.id, 0))
    if turns:
        effects.append(Reveal(turns[-1].id))
    return after, tuple(effects)


_CASES: dict[type, Callable[[Conversation, Any], Step]] = {
    LibraryOpened: _opened,
    LibraryUnavailable: _unavailable,
    LibraryChanged: _changed,
    JobStarted: _job_started,
    JobProgressed: _job_progressed,
    JobEnded: _job_ended,
    Submitted: _submitted,
    Replied: _replied,
    AskFailed: _ask_failed,
    Cancelled: _cancelled,
    FiltersSet: _filters_set,
    CitationChosen: _citation_chosen,
    CitationStepped: _citation_stepped,
    TurnStepped: _turn_stepped,
    SessionStarted: _session_started,
}
