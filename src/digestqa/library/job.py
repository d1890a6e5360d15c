"""What one writing run carries along: where it works, its encoder, and what it has to tell."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digestqa.library.records import IngestReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from digestqa.encoders.base import ExportedQueryEncoder, PassageEncoder
    from digestqa.library.changed_files import SortedFiles
    from digestqa.library.facts import CatalogFacts
    from digestqa.library.records import Phase, RefusedFile
    from digestqa.library.scan import Scan

    LoadEncoder = Callable[[str | None], PassageEncoder]
    ExportEncoder = Callable[[PassageEncoder], ExportedQueryEncoder]
    OnProgress = Callable[[Phase, int, int], None]


@dataclass(slots=True)
class Job:
    """One ingest, rebuild or dry run.

    Attributes:
        embeddings: the library's folder.
        seeds: the digests' folder.
        encoder_name: the encoder asked for, or None.
        load_encoder: makes a passage encoder from a name; None is the encoders room's own.
        export_encoder: makes a query encoder; None is the encoders room's own.
        on_progress: called with (phase, done, total); total is 0 where it is not known.
        no_embed: take up texts without embedding them.
        given_and_refused: files that were given by path and refused, to be kept in the list; None keeps those that are
            in it.
        given: files under seeds/ that were just put there; None where none were given.
        embedded: texts that the encoder was given.
        warnings: what went wrong without harm to the library.
    """

    embeddings: Path
    seeds: Path
    encoder_name: str | None
    load_encoder: LoadEncoder | None
    export_encoder: ExportEncoder | None
    on_progress: OnProgress | None
    no_embed: bool = False
    given_and_refused: Sequence[RefusedFile] | None = None
    given: Sequence[Path] | None = None
    embedded: int = 0
    warnings: list[str] = field(default_factory=list)
    _encoder: PassageEncoder | None = None
    _began: float = field(default_factory=time.perf_counter)

    @property
    def has_encoder(self) -> bool:
        """Whether the passage encoder is loaded, or comes from the caller."""
        return self._encoder is not None or self.load_encoder is not None

    def encoder(self) -> PassageEncoder:
        """Return the passage encoder, loaded on the first call."""
        if self._encoder is None:
            self.progress("loading")
            if self.load_encoder is not None:
                self._encoder = self.load_encoder(self.encoder_name)
            else:
                from digestqa.encoders import load_passage_encoder

                self._encoder = load_passage_encoder(self.encoder_name)
        return self._encoder

    def exported_query_encoder(self, weights_name: str) -> ExportedQueryEncoder:
        """Export the query encoder.

        Args:
            weights_name: the file that the graph looks for its weights in: mapped, they load in no time.
        """
        encoder = self.encoder()
        self.progress("exporting")
        if self.export_encoder is not None:
            return self.export_encoder(encoder)
        from digestqa.encoders import export_query_encoder

        return export_query_encoder(encoder, weights_name=weights_name)

    def progress(self, phase: Phase, done: int = 0, total: int = 0) -> None:
        """Tell how far it is."""
        if self.on_progress is not None:
            self.on_progress(phase, done, total)

    def progress_of(self, phase: Phase) -> Callable[[int, int], None]:
        """Return a function that tells how far one phase is."""
        return lambda done, total: self.progress(phase, done, total)

    def report(
        self,
        scan: Scan,
        files: SortedFiles,
        facts: CatalogFacts | None,
        *,
        passages: int = 0,
        changed: bool = False,
        dry_run: bool = False,
    ) -> IngestReport:
        """Sum up what was done, or would be."""
        return IngestReport(
            state=facts.state if facts else 0,
            changed=changed,
            added=files.added,
            updated=len(files.updated),
            removed=len(files.removed),
            unchanged=files.unchanged,
            refused=tuple(sorted(files.refused, key=lambda file: file.path)),
            superseded=facts.counts.superseded if facts else 0,
            ignored=scan.ignored,
            passages=passages,
            embedded=self.embedded,
            unembedded=facts.counts.unembedded if facts else 0,
            elapsed_ms=(time.perf_counter() - self._began) * 1000,
            dry_run=dry_run,
            warnings=tuple(self.warnings),
        )
