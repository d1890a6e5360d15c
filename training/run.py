"""Command line of the recipe: one command from the data folder to the model file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from .deliver import deliver
from .loop import Log, Schedule
from .paths import Paths
from .stages import domain_stage, public_stage
from .trunk import packaged_trunk

STAGES = ("public", "domain", "export")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options; budgets in steps make a run repeatable, budgets in minutes end it in time."""
    parser = argparse.ArgumentParser(prog="training.run", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/ and digests-train/")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints, log and model file")
    parser.add_argument("--trunk", type=Path, help="folder of the trunk; default: the installed package's")
    parser.add_argument("--ranker", type=Path, help="sentence encoder whose ranks choose negatives; default: the trunk")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--public-minutes", type=float, default=66)
    parser.add_argument("--public-steps", type=int, default=0)
    parser.add_argument("--public-rate", type=float, default=2.5e-4)
    parser.add_argument("--domain-minutes", type=float, default=30)
    parser.add_argument("--domain-steps", type=int, default=0)
    parser.add_argument("--domain-rate", type=float, default=2e-4)
    parser.add_argument("--group-weight", type=float, default=0.5)
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--public-share", type=float, default=0.18)
    parser.add_argument("--given-share", type=float, default=1.0, help="questions over DATA's digests an epoch asks")
    parser.add_argument("--invented-share", type=float, default=1.0, help="questions over invented digests, the same")
    parser.add_argument("--items-each", type=int, default=6, help="standard items of each study an epoch asks for")
    parser.add_argument("--whole", nargs="*", default=[], help="batches of questions (e16 ...) an epoch asks whole")
    parser.add_argument("--look-every", type=float, default=900)
    parser.add_argument("--start", type=Path, help="checkpoint that the domain stage starts from")
    parser.add_argument("--miner", type=Path, help="an earlier reader (.onnx) whose mistakes become negatives")
    parser.add_argument("--export", type=Path, help="checkpoint to export; default: the best of the domain stage")
    parser.add_argument("--mix", type=Path, help="checkpoint of another run from the same start, to average in")
    parser.add_argument("--mix-share", type=float, default=0.35, help="how much of the weights it gives")
    return parser.parse_args(arguments)


def main() -> None:
    """Run the stages asked for, in order; a stage that was cut off resumes from its checkpoint."""
    args = parse()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    log = Log(args.out / "log.jsonl")
    paths = Paths(args.data, args.trunk or packaged_trunk(), args.out, args.ranker)
    if "public" in args.stages:
        schedule = Schedule(
            "public", args.public_rate, args.public_minutes * 60, args.public_steps, seed=args.seed,
            look_every=args.look_every,
        )  # fmt: skip
        public_stage(paths, schedule, log)
    if "domain" in args.stages:
        schedule = Schedule(
            "domain", args.domain_rate, args.domain_minutes * 60, args.domain_steps, seed=args.seed, batch=8, part=16,
            group_weight=args.group_weight, look_every=args.look_every, keep_from=0.7,
        )  # fmt: skip
        start = args.start or args.out / "public.final.pt"
        domain_stage(
            paths, start, schedule, log, args.public_share, args.dropout, args.miner, args.given_share,
            args.invented_share, args.items_each, args.whole,
        )  # fmt: skip
    if "export" in args.stages:
        deliver(paths, args.export, log, args.seed, (args.mix, args.mix_share) if args.mix else None)


if __name__ == "__main__":
    main()
