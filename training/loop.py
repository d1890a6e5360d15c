"""The training loop: a learning rate planned over a budget of seconds or steps, checkpoints, resume, logged figures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .batches import collate
from .examples import Feature
from .model import Evidence, Reader, evidence, group_loss

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Settings of one stage. The budget is `steps` where given, else `seconds` of wall clock, pauses apart.

    With a budget in steps a run is repeatable; a budget in seconds ends in time on a shared machine.
    """

    name: str
    peak: float
    seconds: float
    steps: int = 0
    warmup: float = 0.06
    batch: int = 32
    decay: float = 0.01
    clip: float = 1.0
    part: int = 32
    """Features run through the model at once; a step may hold several parts."""
    answerable_weight: float = 0.2
    group_weight: float = 0.0
    save_every: float = 240.0
    look_every: float = 900.0
    seed: int = 17
    keep_from: float = 2.0
    """Progress (0 to 1) from which every checkpoint is also kept apart, for averaging."""

    def rate(self, progress: float) -> float:
        """Learning rate: linear from 0 to `peak` over the warmup, then linear to 0 at the end of the budget."""
        return self.peak * max(1e-4, min(progress / self.warmup, (1 - progress) / (1 - self.warmup), 1.0))


class Log:
    """Appends JSON lines to a file and prints them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, **figures: float | str) -> None:
        """Write one line with the time of day and the named figures."""
        line = json.dumps({"time": time.strftime("%H:%M:%S"), **figures})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)


def _groups(reader: Reader, schedule: Schedule) -> list[dict[str, Any]]:
    trained = [p for p in reader.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": schedule.decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]


def fit(
    reader: Reader,
    epoch_batches: Callable[[int], Iterable[list[Feature]]],
    schedule: Schedule,
    folder: Path,
    log: Log,
    look: Callable[[Reader], Figures] | None = None,
) -> Figures:
    """Train `reader` in place over the stage's budget; resumes from `folder`/<name>.last.pt where it exists.

    `epoch_batches(epoch)` gives the steps of one epoch, always the same for the same epoch.
    """
    torch.manual_seed(schedule.seed)
    optimizer = torch.optim.AdamW(_groups(reader, schedule), lr=schedule.peak, betas=(0.9, 0.98), eps=1e-6, fused=True)
    last = folder / f"{schedule.name}.last.pt"
    epoch = done = step = 0
    elapsed = 0.0
    if last.exists():
        saved = torch.load(last, map_location="cpu", weights_only=True)
        reader.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        epoch, done, step, elapsed = saved["epoch"], saved["done"], saved["step"], saved["elapsed"]
        log(event="resume", stage=schedule.name, step=step, elapsed=round(elapsed))
    clock = _Clock(elapsed)
    saved_at = looked_at = elapsed
    losses: list[float] = []
    tokens = 0
    told = elapsed
    progress = _progress(schedule, step, clock.read())

    def save(path: Path, with_optimizer: bool = True) -> None:
        state = {"model": reader.state_dict(), "epoch": epoch, "done": done, "step": step, "elapsed": clock.read()}
        if with_optimizer:
            state["optimizer"] = optimizer.state_dict()
        part = path.with_suffix(".part")
        torch.save(state, part)
        part.replace(path)

    while progress < 1:
        for number, features in enumerate(epoch_batches(epoch)):
            if number < done:
                continue
            progress = _progress(schedule, step, clock.read())
            if progress >= 1:
                break
            rate = schedule.rate(progress)
            for group in optimizer.param_groups:
                group["lr"] = rate
            losses.append(_step(reader, optimizer, features, schedule))
            tokens += sum(len(f.ids) for f in features)
            step, done = step + 1, number + 1
            if step % 25 == 0:
                now = clock.read()
                log(
                    stage=schedule.name, epoch=epoch, step=step, progress=round(progress, 3), rate=round(rate, 7),
                    loss=round(sum(losses) / len(losses), 4), tokens_s=round(tokens / max(now - told, 1e-6)),
                )  # fmt: skip
                losses, tokens, told = [], 0, now
            if clock.read() - saved_at >= schedule.save_every:
                saved_at = clock.read()
                save(last)
                if progress >= schedule.keep_from:
                    save(folder / f"{schedule.name}.step{step}.pt", with_optimizer=False)
            if look and clock.read() - looked_at >= schedule.look_every:
                with clock.paused():
                    log(stage=schedule.name, step=step, **look(reader))
                looked_at = told = clock.read()
                losses, tokens = [], 0
        else:
            epoch, done = epoch + 1, 0
            continue
        break
    save(last)
    save(folder / f"{schedule.name}.final.pt", with_optimizer=False)
    figures = look(reader) if look else {}
    log(stage=schedule.name, event="end", step=step, epoch=epoch, elapsed=round(clock.read()), **figures)
    return figures


def _progress(schedule: Schedule, step: int, elapsed: float) -> float:
    return step / schedule.steps if schedule.steps else elapsed / schedule.seconds


def _step(reader: Reader, optimizer: torch.optim.Optimizer, features: list[Feature], schedule: Schedule) -> float:
    """One update. Features of near-equal length run together, so that padding stays low in a mixed step."""
    reader.train()
    order = sorted(features, key=lambda f: len(f.ids))
    parts: list[Evidence] = []
    for first in range(0, len(order), schedule.part):
        batch = collate(order[first : first + schedule.part])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            start, end, answerable = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        parts.append(evidence(start, end, answerable, batch.allowed, batch.spans))
    weight = torch.tensor([f.weight for f in order])
    nll = torch.cat([p.nll for p in parts]) * 0.5
    loss = ((nll + schedule.answerable_weight * torch.cat([p.bce for p in parts])) * weight).sum() / weight.sum()
    if schedule.group_weight:
        question = [f.question if f.question >= 0 else -1 - i for i, f in enumerate(order)]
        gold, total = torch.cat([p.gold for p in parts]), torch.cat([p.total for p in parts])
        loss = loss + schedule.group_weight * group_loss(gold, total, question)
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_([p for p in reader.parameters() if p.requires_grad], schedule.clip)
    optimizer.step()
    return float(loss.detach())


class _Clock:
    """Seconds of training, over resumes, with pauses (looking at figures) left out."""

    def __init__(self, before: float) -> None:
        self._from = time.monotonic() - before

    def read(self) -> float:
        return time.monotonic() - self._from

    def paused(self) -> _Pause:
        return _Pause(self)

    def skip(self, seconds: float) -> None:
        self._from += seconds


class _Pause:
    def __init__(self, clock: _Clock) -> None:
        self._clock, self._start = clock, 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._clock.skip(time.monotonic() - self._start)
