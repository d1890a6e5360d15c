from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestqa.retrieval import Filters
from digestqa.sessions.turns import SavedTurn
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
from digestqa.tui.reduce import reduce
from digestqa.tui.state import Conversation, Selection
from tui.stage import DOSE, FACTS, PLAN, RETURNS, answer, reply

AT = "2026-11-22T10:00:00+00:00"
OPENED = LibraryOpened(FACTS)


def after(*events: Event, state: Conversation | None = None) -> tuple[Conversation, tuple[Effect, ...]]:
    """Return the state after events, and the effects of the last."""
    state = state or Conversation()
    effects: tuple[Effect, ...] = ()
    for event in events:
        state, effects = reduce(state, event)
    return state, effects


def states(state: Conversation) -> list[str]:
    return [turn.state for turn in state.turns]


def test_a_question_typed_while_the_models_load_waits_and_is_asked_when_they_are_there() -> None:
    state, effects = after(Submitted("what dose?", AT))
    assert states(state) == ["queued"]
    assert effects == (Reveal(1),)
    state, effects = after(OPENED, state=state)
    assert states(state) == ["searching"]
    assert effects == (Ask(1, "what dose?", (), Filters()),)


def test_a_second_question_waits_for_the_first_and_leans_on_it() -> None:
    state, effects = after(OPENED, Submitted("what dose?", AT), Submitted("and for how long?", AT))
    assert states(state) == ["searching", "queued"]
    assert effects == (Reveal(2),)
    state, effects = after(Replied(1, reply("what dose?", answer(DOSE))), state=state)
    assert states(state) == ["answered", "searching"]
    assert Ask(2, "and for how long?", ("what dose?",), Filters(), ("NCT90000002",)) in effects


def test_a_reply_selects_its_first_citation_is_saved_and_is_brought_into_view() -> None:
    given_reply = reply("what dose?", answer(DOSE), answer(PLAN))
    state, effects = after(OPENED, Submitted("what dose?", AT), Replied(1, given_reply))
    assert state.selected_citation == DOSE
    assert effects == (Save(SavedTurn("what dose?", AT, "answered", given_reply)), Reveal(1))


def test_an_abstention_selects_the_nearest_passage() -> None:
    state, _ = after(OPENED, Submitted("who paid?", AT), Replied(1, reply("who paid?", nearest=[DOSE, PLAN])))
    assert states(state) == ["abstained"]
    assert state.selected_citation == DOSE


def test_escape_gives_the_newest_waiting_question_back_and_its_late_result_is_dropped() -> None:
    state, effects = after(OPENED, Submitted("first?", AT), Submitted("second?", AT), Cancelled())
    assert states(state) == ["searching", "cancelled"]
    assert Forget(2) in effects
    assert GiveBack("second?") in effects
    state, effects = after(Cancelled(), state=state)
    assert GiveBack("first?") in effects
    late, effects = after(Replied(1, reply("first?", answer(DOSE))), state=state)
    assert late == state
    assert effects == ()


def test_a_question_that_nothing_answered_leaves_no_study_to_stay_with() -> None:
    state, _ = after(OPENED, Submitted("what dose?", AT), Replied(1, reply("what dose?", answer(DOSE))))
    state, _ = after(Submitted("weather?", AT), Replied(2, reply("weather?", nearest=(DOSE,))), state=state)
    _, effects = after(Submitted("and why?", AT), state=state)
    assert Ask(3, "and why?", ("what dose?", "weather?"), Filters(), None) in effects


def test_a_cancelled_question_leaves_what_was_spoken_of_before_it() -> None:
    state, _ = after(OPENED, Submitted("what dose?", AT), Replied(1, reply("what dose?", answer(DOSE))))
    state, _ = after(Submitted("hm?", AT), Cancelled(), state=state)
    _, effects = after(Submitted("and why?", AT), state=state)
    assert Ask(3, "and why?", ("what dose?",), Filters(), ("NCT90000002",)) in effects


def test_a_cancelled_or_failed_question_is_no_history() -> None:
    events = (
        OPENED,
        Submitted("first?", AT),
        Cancelled(),
        Submitted("second?", AT),
        AskFailed(2, "no"),
        Submitted("third?", AT),
    )
    _, effects = after(*events)
    assert Ask(3, "third?", (), Filters()) in effects


def test_cancelling_nothing_changes_nothing() -> None:
    assert after(OPENED, Cancelled()) == (after(OPENED)[0], ())


def test_a_failure_gives_the_question_back_with_a_hint_and_the_next_is_asked() -> None:
    state, effects = after(OPENED, Submitted("a?", AT), Submitted("b?", AT), AskFailed(1, "it broke", "mend it"))
    assert states(state) == ["failed", "searching"]
    assert effects[0] == Save(SavedTurn("a?", AT, "failed", None, "it broke"))
    assert effects[1:4] == (GiveBack("a?"), Tell("it broke", "mend it", "error"), Reveal(1))


def test_without_a_library_what_waits_fails_and_the_newest_goes_back_into_the_prompt() -> None:
    gone = LibraryUnavailable("no digests", "/ingest PATH", missing=True)
    state, effects = after(Submitted("a?", AT), Submitted("b?", AT), gone)
    assert state.engine == "missing"
    assert states(state) == ["failed", "failed"]
    assert [effect for effect in effects if isinstance(effect, GiveBack)] == [GiveBack("b?")]
    state, effects = after(Submitted("c?", AT), state=state)
    assert states(state)[-1] == "failed"
    assert GiveBack("c?") in effects


def test_a_question_asked_while_the_first_library_is_built_waits() -> None:
    state, _ = after(LibraryUnavailable("no digests", missing=True), JobStarted("ingest"), Submitted("what dose?", AT))
    assert (state.engine, states(state)) == ("building", ["queued"])
    state, effects = after(JobEnded("1 new", changed=True), state=state)
    assert Reopen() in effects
    state, effects = after(OPENED, state=state)
    assert Ask(1, "what dose?", (), Filters()) in effects


def test_an_ingest_shows_its_progress_and_its_end_takes_the_new_state_up() -> None:
    state, _ = after(OPENED, JobStarted("ingest"), JobProgressed("embedding", 3, 9))
    assert state.job is not None
    assert (state.job.phase, state.job.done, state.job.total, state.engine) == ("embedding", 3, 9, "ready")
    state, effects = after(JobEnded("1 new", ("refused x.pdf",), changed=True), state=state)
    assert state.job is None
    assert effects == (Tell("1 new"), Tell("refused x.pdf", severity="warning"), Reopen())


def test_an_ingest_that_changed_nothing_or_failed_opens_nothing_anew() -> None:
    for ended in (JobEnded("nothing to do"), JobEnded("busy", failed=True, hint="wait")):
        assert Reopen() not in after(OPENED, JobStarted("ingest"), ended)[1]


def test_a_change_on_disk_is_told_until_it_is_taken_up() -> None:
    state, _ = after(OPENED, LibraryChanged(2))
    assert state.newer == 2
    assert after(LibraryOpened(replace(FACTS, state=2)), state=state)[0].newer is None


def test_ones_own_ingest_is_no_change_by_another() -> None:
    assert after(OPENED, JobStarted("ingest"), LibraryChanged(2))[0].newer is None


def test_citations_go_round_and_can_be_chosen_by_number() -> None:
    three = reply("q?", answer(DOSE), answer(PLAN), answer(RETURNS))
    state, _ = after(OPENED, Submitted("q?", AT), Replied(1, three))
    assert after(CitationStepped(1), state=state)[0].selection == Selection(1, 1)
    assert after(CitationStepped(-1), state=state)[0].selection == Selection(1, 2)
    assert after(CitationChosen(2), state=state)[0].selection == Selection(1, 2)
    same, effects = after(CitationChosen(7), state=state)
    assert same == state
    assert effects == (Tell("no citation [8]: there are 3 citations", severity="warning"),)


def test_turns_are_stepped_through_and_end_at_both_ends() -> None:
    state, _ = after(
        OPENED,
        Submitted("a?", AT),
        Replied(1, reply("a?", answer(DOSE))),
        Submitted("b?", AT),
        Replied(2, reply("b?")),
        Submitted("c?", AT),
        Replied(3, reply("c?", answer(PLAN))),
    )
    state, effects = after(TurnStepped(-1), state=state)
    assert (state.selection, effects) == (Selection(1, 0), (Reveal(1),))
    assert after(TurnStepped(-1), state=state)[0].selection == Selection(1, 0)
    assert after(TurnStepped(1), state=state)[0].selection == Selection(3, 0)


def test_the_scope_belongs_to_the_questions_sent_after_it_was_set() -> None:
    only = Filters(sources=("NCT90000002",))
    state, _ = after(Submitted("a?", AT), FiltersSet(only), Submitted("b?", AT))
    assert [turn.filters for turn in state.turns] == [Filters(), only]


def test_a_resumed_session_is_history_and_a_new_one_is_empty() -> None:
    old = SavedTurn("what dose?", AT, "answered", reply("what dose?", answer(DOSE)))
    state, _ = after(OPENED, SessionStarted((old, SavedTurn("hm?", AT, "cancelled"))))
    assert states(state) == ["answered", "cancelled"]
    assert state.selected_citation == DOSE
    _, effects = after(Submitted("and for how long?", AT), state=state)
    assert Ask(3, "and for how long?", ("what dose?",), Filters(), ("NCT90000002",)) in effects
    assert after(SessionStarted(), state=state)[0].turns == ()


def test_what_a_left_session_waited_for_is_dropped() -> None:
    state, effects = after(OPENED, Submitted("a?", AT), SessionStarted())
    assert effects == (Forget(1),)
    assert after(Replied(1, reply("a?", answer(DOSE))), state=state) == (state, ())


EVENTS = st.one_of(
    st.just(OPENED),
    st.just(LibraryUnavailable("gone", missing=True)),
    st.builds(Submitted, st.sampled_from(["a?", "b?"]), st.just(AT)),
    st.builds(lambda at: Replied(at, reply("a?", answer(DOSE), answer(PLAN))), st.integers(1, 6)),
    st.builds(lambda at: Replied(at, reply("a?")), st.integers(1, 6)),
    st.builds(AskFailed, st.integers(1, 6), st.just("broke")),
    st.just(Cancelled()),
    st.builds(CitationStepped, st.sampled_from([1, -1])),
    st.builds(CitationChosen, st.integers(0, 3)),
    st.builds(TurnStepped, st.sampled_from([1, -1])),
    st.just(JobStarted("ingest")),
    st.just(JobProgressed("embedding", 1, 2)),
    st.just(JobEnded("done", changed=True)),
    st.just(SessionStarted()),
)


@given(st.lists(EVENTS, max_size=30))
def test_whatever_comes_in_whatever_order_no_question_is_lost_or_answered_twice(events: list[Event]) -> None:
    state = Conversation()
    asked: list[int] = []
    for event in events:
        state, effects = reduce(state, event)
        asked += [effect.turn_id for effect in effects if isinstance(effect, Ask)]
        assert sum(turn.state == "searching" for turn in state.turns) <= 1
        if state.engine == "ready":
            assert state.searching or "queued" not in states(state)
        if state.selection is not None:
            assert state.selected_citation is not None
    assert len(asked) == len(set(asked))


def test_an_unfinished_turn_cannot_be_saved() -> None:
    from digestqa.tui.state import saved

    state, _ = after(Submitted("a?", AT))
    with pytest.raises(ValueError, match="not finished"):
        saved(state.turns[0])
