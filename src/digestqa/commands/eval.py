"""``digestqa eval``: questions with known answers, asked and judged."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from digestqa.commands.ask import add_reader_argument
from digestqa.output.terminal import Console, visible
from digestqa.settings import Settings

HELP = "ask questions whose answers are known, and say how good the answers are"
DESCRIPTION = (
    "Asks every question of a file over the library and prints how often retrieval, answers, citations, refusals and "
    "confidence were right, each with its 95 % interval. Exit code: 0 done, 1 worse than the baseline, 2 error."
)
EPILOG = (
    "Before a change: digestqa eval QA.jsonl --json > before.json | after it: "
    "digestqa eval QA.jsonl --baseline before.json"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "questions",
        metavar="QA.jsonl",
        help='JSON lines: {"id", "question", "answers", "source", "sentence", "type", "kind", "history"}',
    )
    parser.add_argument("--json", action="store_true", help="print the evaluation as JSON (schema 1)")
    parser.add_argument(
        "--baseline", metavar="FILE", help="an earlier evaluation's JSON; exit code 1 when a figure got worse"
    )
    add_reader_argument(parser)
    parser.add_argument("--quiet", action="store_true", help="nothing on stderr but errors and warnings")


def run(parsed: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ask, judge, print; return the exit code."""
    from digestqa.evaluation.questions import read_questions

    path = Path(parsed.questions)
    questions = read_questions(path)

    # What is wrong with the baseline is better said before minutes of asking than after.
    from digestqa.evaluation.baseline import compare, read_baseline

    baseline = None if parsed.baseline is None else read_baseline(Path(parsed.baseline))

    from digestqa.commands.session import open_assistant
    from digestqa.evaluation.report import make_report, render_report, report_value
    from digestqa.evaluation.verdicts import judge_questions
    from digestqa.output.jsonform import dump
    from digestqa.output.progress import progress

    with open_assistant(settings, console) as assistant, progress(console) as on_phase:
        judged = list(judge_questions(assistant, questions, lambda done, total: on_phase("asking", done, total)))
        report = make_report(judged)
    comparison = None if baseline is None else compare(parsed.baseline, baseline, report.verdicts)
    if parsed.json:
        asked = {"file": path.as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        console.result(dump(report_value(report, asked, comparison), unicode=console.unicode))
    else:
        console.result(visible(render_report(report, comparison)))
    if comparison is None:
        return 0
    if comparison.only_here or comparison.only_there:
        console.note(
            f"compared over the {comparison.questions:,} questions in common: {comparison.only_here:,} are new, "
            f"{comparison.only_there:,} are no longer asked"
        )
    for name in comparison.worse:
        change = comparison.changes[name]
        console.error(f"{name} got worse: {change.before:.3f} before, {change.after:.3f} now")
    return 1 if comparison.worse else 0
