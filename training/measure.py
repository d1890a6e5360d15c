"""Figures of a checkpoint or an ONNX reader over a folder of digests: for decisions, never for training.

python -m training.measure --data DATA --out OUT --reader OUT/domain.final.pt [--set digests-dev]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .asking import Verdict, asked_over, by_type, figures, judge
from .export import onnx_logits
from .model import build
from .paths import SPLIT_SEED, Paths
from .predict import Logits, predict, squad_figures, torch_logits
from .public import load_public
from .trunk import packaged_trunk


def logits_of(reader: Path, trunk: Path) -> Logits:
    """Logits of an .onnx file or of a .pt checkpoint."""
    return onnx_logits(reader) if reader.suffix == ".onnx" else torch_logits(build(trunk, 0.0, reader))


def show(verdict: Verdict) -> str:
    """One judged question as a few lines of text."""
    q = verdict.question
    return (
        f"[{q.type} {q.kind}] {q.resolved}\n   want {list(q.sources)} {list(q.answers[:2])}\n"
        f"   got  {verdict.study} {verdict.score:+.2f} “{verdict.span}” in “{verdict.quote[:160]}”"
    )


def main() -> None:
    """Print figures for several weights of the retrieval score, right@1 by type, and wrong answers if asked."""
    parser = argparse.ArgumentParser(prog="training.measure", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run (heldout.json)")
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--trunk", type=Path)
    parser.add_argument("--ranker", type=Path, help="sentence encoder that ranks passages; default: the trunk")
    parser.add_argument("--set", default="digests-dev", help="a folder of the data, or: held, squad2")
    parser.add_argument("--depth", type=int, default=8)
    parser.add_argument("--weights", type=float, nargs="+", default=[0.0, 1.0, 2.0, 4.0])
    parser.add_argument("--answerable", type=float, default=0.0, help="weight of the answerable logit")
    parser.add_argument("--wrong", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    paths = Paths(args.data, args.trunk or packaged_trunk(), args.out, args.ranker)
    logits = logits_of(args.reader, paths.trunk)
    encoder = paths.encoder()
    if args.set == "squad2":
        _, held = load_public(paths.data / "training", SPLIT_SEED)
        print({k: round(v, 4) for k, v in squad_figures(held, predict(held, encoder, logits)).items()})
        return
    asked = asked_over(paths, args.set, args.depth)
    print(f"passage found at depth {args.depth}: {asked.found():.3f}")
    predictions = predict(asked.examples(), encoder, logits)
    verdicts: list[Verdict] = []
    for weight in args.weights:
        verdicts = judge(asked, predictions, weight, args.answerable)
        print(f"weight {weight}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures(verdicts).items()))
        print("   by type: " + ", ".join(f"{k} {v:.2f}" for k, v in by_type(verdicts).items()))
    wrong = [v for v in verdicts if v.question.answers and not v.right]
    for verdict in wrong[: args.wrong]:
        print(show(verdict))


if __name__ == "__main__":
    main()
