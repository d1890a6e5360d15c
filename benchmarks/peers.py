"""digestqa beside txtai, Haystack and LangChain in one run.

Run:  python benchmarks/peers.py DATA [--beside FOLDER ...] [--cache DIR] [--builds 3] [--runs 5] [--write]

DATA holds ``digests/`` and ``qa.jsonl``; the digests of further folders are searched with them
(benchmarks/generated.py writes as many as are wanted). Every peer is installed in a virtual environment of its own,
kept in --cache, so that the network is needed once. It gets the passages that digestqa cut, with the words of context
that it embeds, and the same encoder's weights; it is used as its documentation shows, at its defaults, offline.
Measured are new processes that build the index and that answer one question, and the questions of DATA in processes
that go on. The sides take turns, in an order that changes each time, so that what else the machine does meets all
alike. A right passage is what ``digestqa eval`` takes for one. Linux and macOS.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.machine import add_write_argument, describe, report, run_process
from benchmarks.peer_environments import InstallationError, Peer, environment, versions
from benchmarks.peer_figures import Measured, figures, losses, table
from benchmarks.peer_processes import Server, serving

PROGRAMS = Path(__file__).parent / "peer_programs"
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}
"""Whatever a peer would fetch or send, it does without."""
OWN_USES = (("digestqa, retrieval", ""), ("digestqa, vectors alone", "vectors"), ("digestqa ask, with reader", "ask"))
PEERS = (
    Peer("txtai", ("txtai",), ("faiss-cpu", "transformers", "torch"), (("txtai", ""), ("txtai, hybrid", "hybrid"))),
    Peer(
        "haystack",
        ("haystack-ai", "faiss-haystack", "sentence-transformers-haystack"),
        ("faiss-cpu", "sentence-transformers", "torch"),
        (("Haystack", ""),),
    ),
    Peer(
        "langchain",
        ("langchain-community", "langchain-huggingface", "sentence-transformers", "faiss-cpu"),
        ("torch",),
        (("LangChain", ""),),
    ),
)
WARM_UP = ("What is the primary outcome?", "how many patients took part?", "Which adverse events were reported?")
DEPTH = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One way to find passages.

    Attributes:
        name: what the table calls it.
        program: of ``peer_programs/``, after ``with_``.
        variant: how the program is used; empty for its plain way.
        python: the interpreter of its environment.
        measured: its figures.
    """

    name: str
    program: str
    variant: str
    python: str
    measured: Measured

    @property
    def is_own(self) -> bool:
        """Whether it is digestqa."""
        return self.program == "digestqa"

    def index(self, folder: Path) -> Path:
        """Return where its index lies."""
        return folder / ("embeddings" if self.is_own else f"index-{self.program}-{self.variant}")

    def command(self, folder: Path, action: str, *more: str) -> list[str]:
        """Return the command line of its program."""
        given = {"--folder": folder, "--index": self.index(folder), "--depth": DEPTH, "--variant": self.variant}
        flags = [str(part) for flag in given.items() for part in flag]
        return [self.python, str(PROGRAMS / f"with_{self.program}.py"), action, *flags, *more]

    def build_command(self, folder: Path) -> list[str]:
        """Return the command line that builds its index."""
        return [self.python, "-m", "digestqa", "ingest", "--quiet"] if self.is_own else self.command(folder, "build")

    def once_command(self, folder: Path, question: str) -> list[str]:
        """Return the command line of a new process that answers one question."""
        if self.variant == "ask":
            return [self.python, "-m", "digestqa", "ask", question]
        return self.command(folder, "once", "--question", question)


def all_sides(cache: Path, first: Sequence[str]) -> list[Side]:
    """Return digestqa and, installed where need be, its peers; the first is what the others are compared with."""
    sides = [Side(name, "digestqa", variant, sys.executable, Measured(name)) for name, variant in OWN_USES]
    for peer in PEERS:
        python, failure = "", ""
        try:
            python = str(environment(cache, peer, first))
        except InstallationError as error:
            failure = f"it could not be installed: {error}"
        for name, variant in peer.uses:
            sides.append(Side(name, peer.name, variant, python, Measured(name, failure=failure)))
    return sides


def build(folder: Path, sides: Sequence[Side], rounds: int) -> None:
    """Build every index, some times; digestqa's variants share one."""
    builders = [side for side in sides if not side.is_own or not side.variant]
    for side in going(builders):
        if not side.is_own:
            with noted(side, "loading it"):  # for the file cache
                run_process([side.python, str(PROGRAMS / f"with_{side.program}.py"), "--help"], folder)
    for turn in range(rounds):
        for side in in_turn(going(builders), turn):
            with noted(side, "building its index"):
                shutil.rmtree(side.index(folder), ignore_errors=True)
                cost = run_process(side.build_command(folder), folder)
                side.measured.build_s.append(cost.elapsed_s)
                side.measured.build_mb = max(side.measured.build_mb, cost.peak_mb)
                print(f"build {turn + 1} of {rounds}: {side.name} {cost.elapsed_s:.1f} s", file=sys.stderr)


def ask_once(folder: Path, sides: Sequence[Side], question: str, rounds: int) -> None:
    """Answer a question in new processes; the first round warms the file cache."""
    for turn in range(rounds + 1):
        for side in in_turn(going(sides), turn):
            with noted(side, "answering from the saved index"):
                # `digestqa ask` ends with 1 where the digests do not say.
                allowed = (0, 1) if side.variant == "ask" else (0,)
                cost = run_process(side.once_command(folder, question), folder, allowed=allowed)
                if turn:
                    side.measured.once_s.append(cost.elapsed_s)
                    side.measured.once_mb = max(side.measured.once_mb, cost.peak_mb)


def ask_warm(folder: Path, sides: Sequence[Side], questions: Sequence[dict[str, Any]]) -> None:
    """Ask every question of processes that go on, one side after the other."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for side in going(sides):
            with noted(side, "opening the saved index"):
                servers[side.name] = stack.enter_context(serving(side.command(folder, "serve"), folder))
                for text in WARM_UP:
                    servers[side.name].ask(text, ())
        for turn, question in enumerate(questions):
            for side in in_turn(going(sides), turn):
                with noted(side, "answering"):
                    # Asked whole, digestqa gets the question as a person put it; what is searched is the same text.
                    whole = (question["question"], question["history"])
                    ids, elapsed_ms = servers[side.name].ask(
                        *(whole if side.variant == "ask" else (question["resolved"], ()))
                    )
                    side.measured.found.append(ids)
                    side.measured.warm_ms.append(elapsed_ms)
        for side in going(sides):
            side.measured.warm_mb = servers[side.name].peak_mb()


def going(sides: Sequence[Side]) -> list[Side]:
    """Return the sides for which nothing has failed."""
    return [side for side in sides if not side.measured.failure]


def in_turn(sides: Sequence[Side], turn: int) -> list[Side]:
    """Return the sides in the order of a turn: each begins as often as the others."""
    first = turn % len(sides) if sides else 0
    return [*sides[first:], *sides[:first]]


@contextmanager
def noted(side: Side, doing: str) -> Iterator[None]:
    """Note of a peer that it failed, and go on; without digestqa there is nothing to compare with."""
    try:
        yield
    except SystemExit as error:
        if side.is_own:
            raise
        said = [line.strip() for line in str(error).splitlines() if line.strip()]
        side.measured.failure = f"{doing} failed: {said[-1]}"
        print(f"{side.name}: {side.measured.failure}", file=sys.stderr)


def prepare(folder: Path, data: Path, beside: Sequence[Path]) -> None:
    """Lay the digests out, and write what all sides share."""
    shutil.rmtree(folder / "seeds", ignore_errors=True)
    shutil.copytree(data / "digests", folder / "seeds" / "asked")
    for number, other in enumerate(beside, start=1):
        shutil.copytree(other, folder / "seeds" / f"beside-{number}")
    run_process([sys.executable, "-m", "digestqa", "ingest", "--quiet"], folder)
    run_process([sys.executable, str(PROGRAMS / "prepare.py"), str(folder), str((data / "qa.jsonl").resolve())], folder)


def told(folder: Path, sides: Sequence[Side], questions: Sequence[dict[str, Any]], rounds: Sequence[int]) -> str:
    """Return the figures, where digestqa is behind, and the peers' versions, as Markdown."""
    base, *_ = measured = [side.measured for side in sides]
    columns = figures([question["right"] for question in questions])
    with (folder / "passages.jsonl").open("rb") as file:
        passages = sum(1 for _ in file)
    behind = losses([side.measured for side in sides if not side.is_own], base, columns)
    environments = {peer: side.python for peer in PEERS for side in sides if side.program == peer.name and side.python}
    return "\n".join(
        [
            f"{passages:,} passages, {len(questions)} questions; in brackets the ratio to {base.name}. Of whole "
            f"processes, medians of {rounds[0]} builds and of {rounds[1]} cold questions.",
            "",
            table(measured, base, columns),
            "",
            "Where a peer is ahead:" if behind else "No peer is ahead in anything.",
            "",
            *(f"- {line}" for line in behind),
            *([""] if behind else []),
            *(
                f"{peer.name}: {versions(python, (*peer.packages, *peer.told))}."
                for peer, python in environments.items()
            ),
        ]
    )


def main() -> int:
    """Install, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="folders of further digests")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "digestqa-peers")
    parser.add_argument(
        "--first",
        default=f"torch=={version('torch').partition('+')[0]}",
        help="arguments of the first pip install in every environment; by default torch as it is here, so that all "
        "have the same; 'torch==2.13.0 --index-url URL' takes another build, '' leaves it to the peers",
    )
    parser.add_argument("--builds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=5, help="new processes that answer a question")
    parser.add_argument("--questions", type=int, default=0, help="ask only so many, spread over all")
    add_write_argument(parser)
    arguments = parser.parse_args()
    if not (arguments.data / "qa.jsonl").is_file():
        sys.exit(f"{arguments.data} has no qa.jsonl")
    sides = all_sides(arguments.cache, shlex.split(arguments.first))
    os.environ.update(OFFLINE)
    machine = describe()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        prepare(folder, arguments.data, arguments.beside)
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").split("\n")
        questions = [json.loads(line) for line in lines if line]
        if arguments.questions:
            questions = questions[:: max(1, len(questions) // arguments.questions)][: arguments.questions]
        build(folder, sides, arguments.builds)
        ask_once(folder, sides, questions[0]["resolved"], arguments.runs)
        ask_warm(folder, sides, questions)
        text = told(folder, sides, questions, (arguments.builds, arguments.runs))
    report("peers", machine, text, arguments.write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
