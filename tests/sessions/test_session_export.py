from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from digestqa.errors import StorageError, UsageError
from digestqa.output.terminal import visible
from digestqa.sessions import SavedTurn, SessionFiles
from digestqa.sessions.markdown import escaped
from saved_turns import a_turn
from shelf import Run, Shelf

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionFiles:
    monkeypatch.chdir(tmp_path)
    return SessionFiles(None, now=lambda: NOON)


def test_markdown_tells_the_conversation_with_quotes_citations_and_places(log: SessionFiles) -> None:
    log.append(a_turn("what dose?", "300 mg *daily* [b] <i>."))
    log.append(a_turn("and in cats?", nearest=("No cats took part.",)))
    log.append(SavedTurn("broken?", "2026-11-22T12:00:00+00:00", "failed", error="boom"))
    log.append(SavedTurn("forget it", "2026-11-22T12:00:00+00:00", "cancelled"))
    path = log.export("markdown")
    assert path.name == "digestqa-2026-11-22-1.md"
    assert (
        path.read_text(encoding="utf-8")
        == """\
# digestqa session 2026-11-22-1

Begun `2026-11-22T12:00:00+00:00`.

## 1. what dose?

> ▶300 mg \\*daily\\* \\[b\\] \\<i\\>.◀

Answer, confidence 0.93

\\[1\\] NCT90000001 · Results · Corvimab Put to the Test\\
<https://clinicaltrials.gov/study/NCT90000001>\\
seeds/NCT90000001.txt, characters 0 to 23 (answer 0 to 23), sha256 {sha256}\\
quoted from a summary written by example-model-1, not from the record itself

## 2. and in cats?

**The digests do not say.**

Nearest passages, which are no answer:

> No cats took part.

\\[1\\] NCT90000001 · Results · Corvimab Put to the Test\\
<https://clinicaltrials.gov/study/NCT90000001>\\
seeds/NCT90000001.txt, characters 0 to 18 (answer 0 to 18), sha256 {sha256}\\
quoted from a summary written by example-model-1, not from the record itself

## 3. broken?

Failed: boom

## 4. forget it

Cancelled.
""".format(sha256="ab" * 32)
    )


def words_of(tokens: list[Token]) -> tuple[str, set[str]]:
    """The text of a rendered document, and every kind of token in it but text in paragraphs."""
    text, kinds = "", set()
    for token in tokens:
        if token.type in ("text", "text_special"):
            text += token.content
        elif token.type in ("softbreak", "paragraph_close"):
            text += "\n"
        elif token.type not in ("paragraph_open", "inline"):
            kinds.add(token.type)
        below, more = words_of(token.children or [])
        text += below
        kinds |= more
    return text, kinds


HOSTILE = st.text(st.sampled_from("ab1 \t\n\\`*_{}[]()<>#+-.!|~&;:/@=\"'^$\x1b\u202e\u00a0%"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(text=HOSTILE | st.text(max_size=40))
def test_markdown_takes_nothing_in_a_text_for_markup(text: str) -> None:
    rendered, kinds = words_of(MARKDOWN.parse(escaped(text)))
    assert kinds == set()
    shown = [line.strip() for line in visible(text).split("\n")]
    assert [line for line in rendered.split("\n") if line] == [line for line in shown if line]


@pytest.mark.parametrize("text", ["https://example.org/x", "www.example.org", "a@example.org", ":smile:", "[^1]"])
def test_addresses_and_names_of_pictures_stay_text_where_markdown_is_extended(text: str) -> None:
    assert "\\" in escaped(text)


def test_a_json_export_is_accepted_by_verify_and_so_is_the_session_itself(shelf: Shelf, run: Run) -> None:
    from digestqa.answering import Assistant

    run(shelf, "status")  # goes into the shelf's folder
    log = SessionFiles(shelf.folder / "sessions", now=lambda: NOON)
    with Assistant.open(Path("seeds"), Path("embeddings")) as assistant:
        for question in ("how many patients on zelanide returned to hospital?", "which drug helps migraine in cats?"):
            reply = assistant.ask(question)
            log.append(SavedTurn(question, "2026-11-22T12:00:00+00:00", reply.status, reply))
    log.append(SavedTurn("broken?", "2026-11-22T12:00:00+00:00", "failed", error="boom"))
    exported = log.export("json")
    quotes = sum(len(turn["answer"]["answers"] + turn["answer"]["nearest"]) for turn in _turns(exported))
    assert quotes >= 2
    for path in (exported, log.location):
        done = run(shelf, "verify", str(path))
        assert (done.code, done.out) == (0, f"{quotes} quotes stand in the cited files, word for word\n"), done.err
    value = json.loads(exported.read_text(encoding="utf-8"))
    value["turns"][0]["answer"]["answers"][0]["quote"] += "!"
    exported.write_text(json.dumps(value), encoding="utf-8")
    done = run(shelf, "verify", exported.name)
    assert done.code == 1
    assert "question 1, seeds/NCT90000002.txt: the quote is not what stands at its place" in done.err


def _turns(path: Path) -> list[dict[str, dict[str, list[object]]]]:
    return [turn for turn in json.loads(path.read_text(encoding="utf-8"))["turns"] if turn["answer"]]


def test_an_existing_file_is_never_overwritten(log: SessionFiles, tmp_path: Path) -> None:
    log.append(a_turn("what dose?", "300 mg."))
    assert log.export("markdown").name == "digestqa-2026-11-22-1.md"
    assert log.export("markdown").name == "digestqa-2026-11-22-1-2.md"
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(StorageError, match=r"mine\.md is there already"):
        log.export("markdown", tmp_path / "mine.md")
    assert (tmp_path / "mine.md").read_text() == "mine"


def test_a_folder_takes_the_file_under_its_own_name(log: SessionFiles, tmp_path: Path) -> None:
    log.append(a_turn("what dose?", "300 mg."))
    (tmp_path / "out").mkdir()
    assert log.export("json", tmp_path / "out") == tmp_path / "out" / "digestqa-2026-11-22-1.json"
    with pytest.raises(StorageError, match="cannot be written"):
        log.export("json", tmp_path / "nowhere" / "x.json")


def test_an_empty_session_is_not_exported(log: SessionFiles) -> None:
    with pytest.raises(UsageError, match="holds no question"):
        log.export("markdown")
