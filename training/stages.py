"""The stages of the recipe: what each trains on and how it is watched."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from random import Random

from .asking import Asked, asked_figures
from .batches import bucketed, grouped
from .corpus import INVENTED, Corpus, held_studies, split_questions
from .domain import DomainSet, Negatives
from .examples import Encoder, Example, Feature
from .facts import FactSet
from .items import ItemSet
from .loop import Figures, Log, Schedule, fit
from .mining import mine
from .model import Reader, build
from .paths import SPLIT_SEED, Paths, rounded
from .predict import predict, squad_figures, torch_logits
from .public import Swapper, load_public
from .ranking import rank_places

PUBLIC_PASSAGE_TOKENS = 192
SWAP_SHARE = 0.22
FAR_SETS = ("squadshifts-amazon", "squadshifts-reddit")
"""Sets of chatty text, left out of stage 2's share of public questions."""


def watch(examples: Sequence[Example], encoder: Encoder, reader: Reader, prefix: str) -> Figures:
    """SQuAD-style figures of `reader` over `examples`."""
    return rounded(squad_figures(examples, predict(examples, encoder, torch_logits(reader))), prefix)


class PublicSet:
    """Features of the public sets; each epoch, a share of the answerable questions is put over a similar passage."""

    def __init__(self, train: Sequence[Example], encoder: Encoder) -> None:
        encoder.warm(t for e in train for t in (e.question, e.passage))
        self._train = train
        self._encoder = encoder
        self._swapper = Swapper(train)

    def features(self, rng: Random, share: float = 1.0) -> list[Feature]:
        """Features of one epoch, or of a random share of it."""
        made: list[Feature] = []
        for i, example in enumerate(self._train):
            if share < 1 and rng.random() >= share:
                continue
            chosen = self._swapper.swap(i, rng) if example.answers and rng.random() < SWAP_SHARE else example
            feature = self._encoder.train_feature(chosen, i, rng, PUBLIC_PASSAGE_TOKENS)
            if feature is not None:
                made.append(feature)
        return made


def public_stage(paths: Paths, schedule: Schedule, log: Log, look_at: int = 400) -> Reader:
    """Stage 1: the public sets."""
    train, held = load_public(paths.data / "training", SPLIT_SEED)
    encoder = paths.encoder()
    public = PublicSet(train, encoder)
    log(stage=schedule.name, event="data", train=len(train), null=sum(not e.answers for e in train), held=len(held))

    def batches(epoch: int) -> Iterator[list[Feature]]:
        made = public.features(Random(schedule.seed * 100 + epoch))
        tokens = sum(len(f.ids) for f in made)
        null = sum(f.spans == ((0, 0),) for f in made)
        log(stage=schedule.name, event="epoch", epoch=epoch, features=len(made), null=null, tokens=tokens)
        return bucketed(made, schedule.batch, Random(schedule.seed * 1000 + epoch))

    some = Random(SPLIT_SEED).sample(held, min(look_at, len(held)))
    reader = build(paths.trunk, dropout=0.0)
    fit(reader, batches, schedule, paths.out, log, lambda r: watch(some, encoder, r, "squad2"))
    log(stage=schedule.name, event="held", **watch(held, encoder, reader, "squad2"))
    return reader


def domain_stage(
    paths: Paths,
    start: Path,
    schedule: Schedule,
    log: Log,
    public_share: float = 0.18,
    dropout: float = 0.05,
    miner: Path | None = None,
    given_share: float = 1.0,
    invented_share: float = 1.0,
    items_each: int = 6,
    whole: Collection[str] = (),
    look_at: int = 160,
) -> Reader:
    """Stage 2: the digests' questions with hard negatives, and a share of the public sets against forgetting.

    A tenth of the studies is held out, for watching and for calibration; `heldout.json` names them. `miner` is an
    earlier reader (.onnx) whose mistakes choose the passages of near-miss questions. An epoch asks `invented_share` of
    the questions over the invented digests, `given_share` of the others, all of the batches that
    `whole` names, and `items_each` standard items of each study.
    """
    folder = paths.data / "digests-train"
    given = Corpus(folder)
    held = held_studies(given, SPLIT_SEED)
    asked_of_given, kept = split_questions(given, held, SPLIT_SEED)
    corpus = Corpus(folder, INVENTED)
    train = [*asked_of_given, *corpus.invented]
    split = {"seed": SPLIT_SEED, "studies": held, "questions": [q.qid for q in kept]}
    (paths.out / "heldout.json").write_text(json.dumps(split, indent=1) + "\n", encoding="utf-8")
    encoder = paths.encoder()
    scores = rank_places([q.resolved for q in train], corpus.places, paths.ranker, paths.cache)
    mined = mine(corpus, train, encoder, miner, paths.cache) if miner else None
    domain = DomainSet(corpus, train, scores, set(corpus.texts) - set(held), mined)
    encoder.warm(domain.texts())
    facts = FactSet(corpus, sorted(set(corpus.texts) - set(held)))
    items = ItemSet(corpus, sorted(set(corpus.texts) - set(held)))
    near = [e for e in load_public(paths.data / "training", SPLIT_SEED)[0] if e.kind not in FAR_SETS]
    public = PublicSet(near, encoder)
    log(stage=schedule.name, event="data", train=len(train), held=len(kept), lost=domain.lost, items=len(items))

    usual = [given_share] * len(asked_of_given) + [invented_share] * len(corpus.invented)
    shares = [1.0 if q.batch in whole else share for q, share in zip(train, usual, strict=True)]

    def batches(epoch: int) -> Iterator[list[Feature]]:
        rng = Random(schedule.seed * 100 + epoch)
        taken = [rng.random() < share for share in shares]
        groups = domain.groups(rng, encoder, Negatives(), taken)
        groups += facts.groups(rng, encoder, first_id=len(train))
        groups += items.groups(rng, encoder, first_id=len(train) + len(groups), each=items_each)
        loose = public.features(rng, public_share)
        log(
            stage=schedule.name, event="epoch", epoch=epoch, groups=len(groups), features=sum(map(len, groups)),
            public=len(loose), tokens=sum(len(f.ids) for f in loose) + sum(len(f.ids) for g in groups for f in g),
        )  # fmt: skip
        return grouped(groups, loose, schedule.batch, Random(schedule.seed * 1000 + epoch))

    some = Random(SPLIT_SEED).sample(kept, min(look_at, len(kept)))
    asked = Asked(given, some, paths.ranker, paths.cache)
    reader = build(paths.trunk, dropout, start)
    fit(reader, batches, schedule, paths.out, log, lambda r: rounded(asked_figures(asked, encoder, r), "held"))
    return reader
