from __future__ import annotations

import json
from typing import NoReturn

import pytest

from digestqa.encoders import PassageEncoder
from digestqa.errors import EncoderError
from digestqa.library import embedding
from library.library_stand import Place, StandInEncoder, library_rows, page


def test_a_rebuild_embeds_everything_anew(built: Place) -> None:
    encoder = StandInEncoder()
    report = built.rebuild(encoder)
    assert (report.changed, report.state, report.unchanged) == (True, 2, 5)
    assert report.embedded == len(encoder.texts) == report.passages
    assert built.verify() == []


def test_a_rebuild_takes_another_encoder_of_the_same_dimension(built: Place) -> None:
    other = StandInEncoder("other", "b")
    built.rebuild(other, encoder_name="other")
    with built.open() as library:
        assert library.encoder_name == "other"
        passage_id = int(library.passage_ids()[3])
        (passage,) = library.passages([passage_id])
        vector = other.encode_query(f"{passage.context}: {passage.text}")
        assert library.search_vectors(vector, 1)[0].passage_id == passage_id
        assert library.query_encoder_files is not None
        assert b"other" in library.query_encoder_files[0].read_bytes()
    assert built.verify() == []


@pytest.mark.parametrize("dimension", [8, 64])
def test_a_rebuild_takes_an_encoder_of_another_dimension(built: Place, dimension: int) -> None:
    other = StandInEncoder("other", "b", dimension)
    built.rebuild(other)
    with built.open() as library:
        assert len(library.search_vectors(other.encode_query("x"), 1000)) == library.counts.passages
    assert built.verify() == []
    count, width = built.sql("SELECT rows, row_bytes FROM vector_files")[0]
    assert (count, width) == (built.sql("SELECT count(*) FROM vectors")[0][0], dimension * 2)
    assert built.vector_file().stat().st_size == count * width


def test_a_rebuilt_library_equals_a_new_one(built: Place) -> None:
    built.write("NCT00000009.txt", page(9))
    (built.seeds / "NCT00000002.txt").unlink()
    built.rebuild(StandInEncoder("other", "b"))
    straight = Place(built.root / "straight", StandInEncoder("other", "b"))
    straight.root.mkdir()
    straight.seeds.symlink_to(built.seeds)
    straight.ingest()
    ours, theirs = library_rows(built.embeddings), library_rows(straight.embeddings)
    for rows in (ours, theirs):
        # A rebuild is another generation, which names its vectors by other keys.
        rows["passages"] = [(*row[:6], row[7]) for row in rows["passages"]]
        rows["vectors"] = sorted(row[1:] for row in rows["vectors"])
        rows["facts"] = [row for row in rows["facts"] if row[0] != "generation"]
    assert ours == theirs


def test_an_interrupted_rebuild_leaves_the_state_and_goes_on_where_it_stopped(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 10)
    before = library_rows(built.embeddings)
    with pytest.raises(KeyboardInterrupt):
        built.rebuild(StandInEncoder("other", "b", stop_after=20))
    after = library_rows(built.embeddings)
    assert after.pop("staged") != before.pop("staged")
    assert len(after.pop("vectors")) == len(before.pop("vectors")) + 20
    assert after == before
    assert built.verify() == []
    encoder = StandInEncoder("other", "b")
    report = built.rebuild(encoder)
    assert len(encoder.texts) == report.passages - 20
    assert built.verify() == []


def test_what_an_interrupted_rebuild_left_is_cleared_by_the_next_change(
    built: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "TEXTS_PER_BATCH", 10)
    with pytest.raises(KeyboardInterrupt):
        built.rebuild(StandInEncoder("other", "b", stop_after=10))
    built.write("NCT00000009.txt", page(9))
    built.ingest()
    straight = Place(built.root / "straight")
    straight.root.mkdir()
    straight.seeds.symlink_to(built.seeds)
    straight.ingest()
    assert library_rows(built.embeddings) == library_rows(straight.embeddings)


def test_readers_of_the_old_state_keep_their_query_encoder_until_the_next_run(built: Place) -> None:
    with built.open() as library:
        built.rebuild(StandInEncoder("other", "b"))
        assert library.query_encoder_files is not None
        assert b"stand-in" in library.query_encoder_files[0].read_bytes()
    assert len(list(built.embeddings.glob("encoder-*.onnx"))) == 2
    built.ingest()
    assert len(list(built.embeddings.glob("encoder-*.onnx"))) == 1


def test_the_same_weights_with_other_prompts_do_not_overwrite_the_files_in_use(built: Place) -> None:
    with built.open() as library:
        built.rebuild(StandInEncoder("prompted", changes={"query_prompt": "query: "}))
        assert library.query_encoder_files is not None
        assert b"stand-in" in library.query_encoder_files[0].read_bytes()
    with built.open() as library:
        assert library.query_encoder_files is not None
        assert b"prompted" in library.query_encoder_files[0].read_bytes()


def test_a_rebuild_without_a_library_makes_one(place: Place) -> None:
    place.write_pages(2)
    assert place.rebuild().added == 2
    assert place.verify() == []


def test_an_encoder_that_cannot_be_exported_builds_a_library_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(encoder: StandInEncoder, source: PassageEncoder) -> NoReturn:
        encoder.exports += 1
        raise EncoderError("the encoder stand-in cannot be exported: it is of another kind", "a hint")

    monkeypatch.setattr(StandInEncoder, "export", refuse)
    place.write_pages(2)
    report = place.ingest()
    assert report.added == 2
    assert [warning.split(":")[0] for warning in report.warnings] == ["the encoder stand-in cannot be exported"]
    assert place.verify() == []
    with place.open() as library:
        assert library.query_encoder_files is None
        assert library.identity.encoder is not None
    idle = StandInEncoder()
    report = place.ingest(idle)
    assert (report.changed, report.warnings, idle.loads, idle.exports) == (False, (), 0, 0)
    place.write_pages(3)
    assert place.ingest().added == 1
    assert (place.rebuild().passages > 0, place.encoder.exports) == (True, 2)
    assert place.verify() == []


def test_a_lost_query_encoder_is_exported_again_by_the_next_ingest(built: Place) -> None:
    for path in built.embeddings.glob("encoder-*.onnx"):
        path.unlink()
    encoder = StandInEncoder()
    report = built.ingest(encoder)
    assert (report.changed, encoder.exports, encoder.texts) == (False, 1, [])
    with built.open() as library:
        assert library.query_encoder_files is not None
    assert built.verify() == []


def test_the_recorded_generation_rises_with_each_rebuild(built: Place) -> None:
    built.rebuild()
    built.rebuild()
    assert json.loads(built.sql("SELECT value FROM meta WHERE key = 'generation'")[0][0]) == 3
