"""The last stage: choose the weights by the held-out figures, export them, and check what int8 costs."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from .asking import Asked, asked_over, figures, judge
from .corpus import Corpus
from .examples import Example, Feature
from .export import describe, export_float, feed_of, onnx_logits
from .loop import Figures, Log
from .model import Reader, build
from .paths import SPLIT_SEED, Paths, rounded
from .predict import Logits, predict, squad_figures, torch_logits
from .public import load_public
from .quantise import peaks, quantise

DATA_USED = (
    "SQuAD 1.1 and 2.0 (CC BY-SA 4.0), SQuADShifts (CC BY 4.0), the project's own training digests and questions"
)
MAX_F1_LOSS = 0.01
RETRIEVAL_WEIGHT = 1.0
TYPICAL_INPUTS = 192


def averaged(checkpoints: Sequence[Path], shares: Sequence[float] = ()) -> dict[str, Tensor]:
    """Mean of the weights of several checkpoints of one run, or of runs from one start (a weight soup).

    `shares` (one a checkpoint, summing to 1) weigh them; by default all alike. Wortsman et al. 2022.
    """
    total: dict[str, Tensor] = {}
    for path, share in zip(checkpoints, shares or [1 / len(checkpoints)] * len(checkpoints), strict=True):
        for name, value in torch.load(path, map_location="cpu", weights_only=True)["model"].items():
            total[name] = total.get(name, torch.zeros(())) + share * value.float()
    return total


def mixed(chosen: Path, other: Path, share: float, out: Path) -> Path:
    """Write `chosen` with a `share` of the weights of `other`, a run from the same start; returns the file."""
    path = out / f"{chosen.stem}.mix{share}.pt"
    torch.save({"model": averaged([chosen, other], [1 - share, share])}, path)
    return path


def choose(paths: Paths, asked: Asked, log: Log) -> Path:
    """The final checkpoint of the domain stage, or the mean of its last ones where the held-out figures gain."""
    final = paths.out / "domain.final.pt"
    kept = sorted(paths.out.glob("domain.step*.pt"), key=lambda p: int(p.stem.split("step")[1]))
    options: dict[Path, Sequence[Path]] = {final: [final]}
    for count in (3, 5):
        if len(kept) >= count:
            options[paths.out / f"domain.mean{count}.pt"] = [*kept[1 - count :], final]
    best, best_score = final, -1.0
    for path, members in options.items():
        if path != final:
            torch.save({"model": averaged(members)}, path)
        found = held_figures(torch_logits(build(paths.trunk, 0.0, path)), asked, paths)
        log(stage="choose", option=path.name, **rounded(found, "held"))
        score = found["right"] + found["f1"] + found["auroc"]
        if score > best_score + (0.002 if path != final else 0.0):
            best, best_score = path, score
    return best


def held_figures(logits: Logits, asked: Asked, paths: Paths) -> Figures:
    """Figures over the held-out studies' questions."""
    return figures(judge(asked, predict(asked.examples(), paths.encoder(), logits), RETRIEVAL_WEIGHT))


def squad_held(logits: Logits, examples: Sequence[Example], paths: Paths) -> Figures:
    """SQuAD 2.0 figures over the held-out articles."""
    return squad_figures(examples, predict(examples, paths.encoder(), logits))


def deliver(paths: Paths, checkpoint: Path | None, log: Log, seed: int, mix: tuple[Path, float] | None = None) -> Path:
    """Write reader.onnx, tokenizer.json and reader.json to `out`/final; returns that folder.

    `mix` is a checkpoint of another run from the same start, and the share of its weights to take.

    Raises:
        RuntimeError: int8 costs more than a point of F1 on held-out questions.
    """
    asked = asked_over(paths, "held")
    chosen = checkpoint or choose(paths, asked, log)
    if mix is not None:
        chosen = mixed(chosen, *mix, paths.out)
    reader: Reader = build(paths.trunk, 0.0, chosen)
    _, squad = load_public(paths.data / "training", SPLIT_SEED)
    work = paths.out / "export"
    work.mkdir(exist_ok=True)
    whole, small = work / "float.onnx", work / "reader.onnx"
    export_float(reader, whole)
    before = held_figures(onnx_logits(whole), asked, paths)
    log(stage="export", precision="float32", **rounded(before, "held"))
    quantise(whole, small, peaks(whole, (feed_of(f) for f in typical_inputs(paths))))
    after = held_figures(onnx_logits(small), asked, paths)
    log(stage="export", precision="int8", size=small.stat().st_size, **rounded(after, "held"))
    if before["f1"] - after["f1"] > MAX_F1_LOSS:
        raise RuntimeError(f"int8 costs {before['f1'] - after['f1']:.3f} of F1, more than {MAX_F1_LOSS}")
    on_squad = squad_held(onnx_logits(small), squad, paths)
    log(stage="export", precision="int8", **rounded(on_squad, "squad2"))
    final = paths.out / "final"
    final.mkdir(exist_ok=True)
    shutil.copyfile(small, final / "reader.onnx")
    split = json.loads((paths.out / "heldout.json").read_text(encoding="utf-8"))
    describe(
        final,
        paths.trunk,
        {
            "seed": seed,
            "checkpoint": chosen.name,
            "date": time.strftime("%Y-%m-%d"),
            "data": DATA_USED,
            "held_out_studies": split["studies"],
            "figures": {
                "held_out_digests": rounded(after, "int8") | rounded(before, "float32"),
                "squad2_held_out_articles": rounded(on_squad, "int8"),
            },
        },
    )
    return final


def typical_inputs(paths: Paths) -> list[Feature]:
    """Training questions over passages that answer them, none of a held-out study: what quantisation looks at."""
    corpus = Corpus(paths.data / "digests-train")
    split = json.loads((paths.out / "heldout.json").read_text(encoding="utf-8"))
    encoder = paths.encoder()
    pairs = [
        (question, gold.place)
        for question in corpus.questions
        if question.qid not in split["questions"]
        for gold in corpus.gold(question)[:1]
    ]
    kept = [(question, place) for question, place in pairs if corpus.places[place].study not in split["studies"]]
    return [
        feature
        for question, place in random.Random(SPLIT_SEED).sample(kept, min(TYPICAL_INPUTS, len(kept)))
        for feature in encoder.read_features(corpus.example(question.resolved, place, qid=question.qid), 0, 128)
    ]
