"""Questions for the standard items of a study, made from places marked in digests (``training/items``).

Clinicians ask the same things of every study ("What were the exclusion criteria?"), in words that name nothing of it.
The rows of ``training/items`` mark, for one digest, where such items are stated: 24 in the files i*, 13 more in j*. An
item without a place is not stated, so that every wording of it is a near-miss question. Rows hold places, no text, and
the hash of the text that they were marked in.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from digestqa.digests import read_digest
from digestqa.passages import Passage, split_passages

from .corpus import Corpus, Gold, find_whole
from .domain import TYPO_SHARE, group_over, mistyped
from .examples import Encoder, Feature
from .item_questions import ASKED, HELD_OUT, RELATED
from .questions import digest_texts, hash_of, rows_of

MARKED = Path(__file__).parent / "items"
ITEMS_SEED = 1
"""For the wordings of the questions over held-out studies, always the same."""
UNSTATED_SHARE = 0.4
"""Of the questions, those for an item that the digest does not state."""
_LEANING_SHARE = 0.15
_SAME_STUDY = 3
_OTHER_STUDIES = 2


@dataclass(frozen=True, slots=True)
class Marked:
    """The items of one digest.

    Attributes:
        study: its id.
        refs: what the study may be called, in our words.
        places: of each item, ranges of characters in the digest's text; empty where it is not stated.
    """

    study: str
    refs: tuple[str, ...]
    places: dict[str, tuple[tuple[int, int], ...]]


def marked_items(texts: dict[str, str], folder: Path = MARKED) -> list[Marked]:
    """Read the rows over digests that are there unchanged; several rows of a study are put together."""
    found: dict[str, Marked] = {}
    for row in rows_of(folder):
        study = row["study"]
        if study not in texts or hash_of(texts[study]) != row["digest"]:
            continue
        before = found.get(study, Marked(study, (), {}))
        places = {name: tuple((start, end) for start, end in places) for name, places in row["items"].items()}
        found[study] = Marked(study, tuple(dict.fromkeys([*before.refs, *row["refs"]])), before.places | places)
    return list(found.values())


class ItemSet:
    """The marked studies of a corpus, ready to be asked for their items."""

    def __init__(self, corpus: Corpus, studies: Sequence[str], folder: Path = MARKED) -> None:
        self._corpus = corpus
        wanted = set(studies)
        self._marked = [item for item in marked_items(corpus.texts, folder) if item.study in wanted]

    def __len__(self) -> int:
        return len(self._marked)

    def groups(self, rng: Random, encoder: Encoder, first_id: int, each: int) -> list[list[Feature]]:
        """`each` questions a study: each over the passages that state the item, and over some that do not."""
        made: list[list[Feature]] = []
        for marked in self._marked:
            for name in drawn_items(marked, rng, each):
                question, named = asked_for(name, marked, rng)
                if rng.random() < TYPO_SHARE:
                    question = mistyped(question, rng)
                picked = self._gold(marked, name)
                if marked.places[name] and not picked:
                    continue
                picked += self._same_study(marked, name, picked, rng)
                if named:
                    picked += self._others(marked, name, rng)
                made.append(group_over(self._corpus, question, picked, first_id + len(made), rng, encoder))
        return made

    def _gold(self, marked: Marked, name: str) -> list[Gold]:
        found = []
        for index in self._corpus.of_study[marked.study]:
            passage = self._corpus.places[index].passage
            spans = tuple(
                (start - passage.start, end - passage.start)
                for start, end in marked.places.get(name, ())
                if passage.start <= start and end <= passage.end
            )
            if spans and passage.section not in ("header", "footer"):
                found.append(Gold(index, spans))
        return found[:3]

    def _same_study(self, marked: Marked, name: str, gold: Sequence[Gold], rng: Random) -> list[Gold]:
        # Titles may state what the body does not. Where an item is not stated, its relatives are the hardest negatives.
        related = (name, *RELATED.get(name, ())) if marked.places[name] else ()
        near = [place for each in related for place in marked.places.get(each, ())]
        taken = {g.place for g in gold}
        free = [
            index
            for index in self._corpus.of_study[marked.study]
            if index not in taken and not self._touches(index, near) and not self._in_header(index)
        ]
        return [Gold(index, ()) for index in rng.sample(free, min(_SAME_STUDY, len(free)))]

    def _touches(self, index: int, places: Sequence[tuple[int, int]]) -> bool:
        passage = self._corpus.places[index].passage
        return any(start < passage.end and passage.start < end for start, end in places)

    def _in_header(self, index: int) -> bool:
        return self._corpus.places[index].passage.section == "header"

    def _others(self, marked: Marked, name: str, rng: Random) -> list[Gold]:
        """Passages of other studies that state the same item: only the study's name tells that they are wrong."""
        others = rng.sample(self._marked, min(6, len(self._marked)))
        found = [gold for other in others if other.study != marked.study for gold in self._gold(other, name)[:1]]
        return [Gold(gold.place, ()) for gold in found[:_OTHER_STUDIES]]


def drawn_items(marked: Marked, rng: Random, count: int) -> list[str]:
    """Draw items without repeats, so that `UNSTATED_SHARE` of them are not stated where there are as many."""
    unstated = [name for name, places in sorted(marked.places.items()) if not places]
    stated = [name for name, places in sorted(marked.places.items()) if places]
    lacking = min(len(unstated), sum(rng.random() < UNSTATED_SHARE for _ in range(count)))
    return rng.sample(stated, min(len(stated), count - lacking)) + rng.sample(unstated, lacking)


def asked_for(name: str, marked: Marked, rng: Random) -> tuple[str, bool]:
    """Return a question for an item, and whether its words name the study so that no other is meant."""
    wording = rng.choice(ASKED[name])
    kind = rng.random()
    if kind < _LEANING_SHARE:
        # A follow-up is read behind the question before it, which names the study.
        before = _filled(rng.choice(ASKED[rng.choice(sorted(ASKED))]), rng.choice(marked.refs), rng)
        return f"{before} {rng.choice(('and ', 'what about ', ''))}{_filled(wording, '', rng)}", True
    if kind < 0.55:
        return _filled(wording, rng.choice(marked.refs), rng), True
    if kind < 0.85:
        return _filled(
            wording, rng.choice((marked.study, f"study {marked.study}", "this study", "the trial")), rng
        ), False
    return _filled(wording, "", rng), False


def _filled(wording: str, called: str, rng: Random) -> str:
    wording = wording.rstrip("?")
    if "{}" in wording:
        wording = wording.format(called or rng.choice(("it", "the study", "the trial")))
    elif called:
        wording = (
            f"{called}: {wording}"
            if rng.random() < 0.1
            else f"{wording} {rng.choice(('in', 'in', 'of', 'for'))} {called}"
        )
    if rng.random() < 0.3 and wording[1:2].islower():
        wording = wording[0].lower() + wording[1:]
    return wording + "?" * (rng.random() < 0.7)


def rows_for_eval(
    texts: dict[str, str], studies: Collection[str], seed: int, folder: Path = MARKED
) -> Iterator[dict[str, object]]:
    """Yield questions for every item of some studies, as ``digestqa eval`` reads them.

    The studies are named by their numbers, and asked with wordings that training never uses.
    """
    rng = Random(seed)
    for marked in marked_items(texts, folder):
        if marked.study not in studies:
            continue
        for name, places in sorted(marked.places.items()):
            answers = [texts[marked.study][start:end] for start, end in places]
            yield {
                "id": f"item-{marked.study}-{name}",
                "question": _filled(rng.choice(HELD_OUT[name]), marked.study, rng),
                "type": "unanswerable" if not answers else "span",
                "kind": "near-miss" if not answers else name,
                "source": [marked.study],
                "answers": answers,
                "sentence": answers,
            }


def take_in(written: Path, kept: Path) -> int:
    """Turn items marked with verbatim spans, ``{"path", "refs", "items"}``, into rows of places; returns how many.

    A span's place is the first outside the header and the footer.
    """
    lines = []
    for line in written.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        digest = read_digest(Path(row["path"]))
        body = [passage for passage in split_passages(digest) if passage.section not in ("header", "footer")]
        items = {
            name: [place for span in spans if (place := _place(span, body)) is not None]
            for name, spans in row["items"].items()
        }
        lost = sum(map(len, row["items"].values())) - sum(map(len, items.values()))
        if lost:
            print(f"{row['path']}: {lost} spans are not in one passage")
        study = Path(row["path"]).stem.upper()
        # What was marked and is in no passage is stated all the same: the item is left out.
        known = {name: places for name, places in items.items() if places or not row["items"][name]}
        value = {"study": study, "digest": hash_of(digest.text), "refs": row["refs"], "items": known}
        lines.append(json.dumps(value, ensure_ascii=False))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def _place(span: str, passages: Sequence[Passage]) -> tuple[int, int] | None:
    for passage in passages:
        if (at := find_whole(passage.text, span)) >= 0:
            return passage.start + at, passage.start + at + len(span)
    return None


def main() -> None:
    """Take in marked digests, or write the questions of held-out studies for ``digestqa eval``."""
    parser = argparse.ArgumentParser(prog="training.items", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with digests/")
    parser.add_argument("--written", type=Path, help="items marked with verbatim spans, JSON Lines, to take in")
    parser.add_argument("--kept", type=Path, help="file of rows to write, under training/items")
    parser.add_argument("--held", type=Path, help="heldout.json: write questions for the items of its studies")
    parser.add_argument("--out", type=Path, help="file of questions to write")
    args = parser.parse_args()
    if args.written is not None:
        print(take_in(args.written, args.kept))
        return
    studies = json.loads(args.held.read_text(encoding="utf-8"))["studies"]
    rows = [json.dumps(row, ensure_ascii=False) for row in rows_for_eval(digest_texts(args.data), studies, ITEMS_SEED)]
    args.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(len(rows))


if __name__ == "__main__":
    main()
