"""The catalog's tables.

``digests``, ``texts`` and ``passages`` are what was read; ``passages_fts`` indexes the passages of current digests and
keeps no copy of their text (it is an external-content table over the view ``passage_texts``, so SQLite itself can check
the index against the text). ``vectors`` holds the vectors by key, ``removed`` the passages that a FAISS file may still
hold. The ``staged_*`` tables hold what an unfinished ingest has read: no reader looks at them.
"""

from __future__ import annotations

SCHEMA_VERSION = 1

FTS_TOKENIZER = "porter unicode61 remove_diacritics 2"

FTS_COLUMNS = "text, headline, section, study_words"
"""What is indexed of a passage; ``study_words`` are its study's id, compound and official title."""

STATEMENTS: tuple[str, ...] = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE digests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        checked_ns INTEGER NOT NULL,
        study TEXT NOT NULL,
        source TEXT NOT NULL,
        registry TEXT,
        headline TEXT NOT NULL,
        official_title TEXT,
        compound TEXT,
        evidence_type TEXT,
        date TEXT,
        ingested TEXT,
        digest_model TEXT,
        layout TEXT NOT NULL,
        facts TEXT NOT NULL,
        current INTEGER NOT NULL,
        added_state INTEGER NOT NULL
    )""",
    "CREATE INDEX digests_by_study ON digests (study)",
    "CREATE INDEX digests_by_source ON digests (source COLLATE NOCASE)",
    "CREATE TABLE texts (digest_id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    "CREATE TABLE sections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # start_char, end_char: END is a keyword of SQL. sentences: offsets from start_char, [start, end, start, end, ...].
    # indexed_state: the state since which the vector index holds the passage; NULL where it does not.
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest_id INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        section_id INTEGER NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL,
        sentences TEXT NOT NULL,
        vector_key BLOB,
        indexed_state INTEGER
    )""",
    "CREATE UNIQUE INDEX passages_by_digest ON passages (digest_id, ordinal)",
    "CREATE INDEX passages_by_vector ON passages (vector_key)",
    "CREATE INDEX passages_by_state ON passages (indexed_state)",
    """CREATE VIEW passage_texts AS
        SELECT passages.id AS id,
               substr(texts.text, passages.start_char + 1, passages.end_char - passages.start_char) AS text,
               digests.headline AS headline,
               sections.name AS section,
               digests.source || ' ' || coalesce(digests.compound, '') || ' ' || coalesce(digests.official_title, '')
                   AS study_words
        FROM passages
        JOIN digests ON digests.id = passages.digest_id
        JOIN texts ON texts.digest_id = passages.digest_id
        JOIN sections ON sections.id = passages.section_id
        WHERE digests.current""",
    f"""CREATE VIRTUAL TABLE passages_fts USING fts5(
        {FTS_COLUMNS}, content='passage_texts', content_rowid='id', tokenize='{FTS_TOKENIZER}'
    )""",
    # vector: float16, little-endian; crc: zlib.crc32 of it.
    """CREATE TABLE vectors (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE,
        vector BLOB NOT NULL,
        crc INTEGER NOT NULL
    )""",
    "CREATE TABLE removed (passage_id INTEGER NOT NULL, state INTEGER NOT NULL)",
    "CREATE INDEX removed_by_state ON removed (state)",
    """CREATE TABLE refused (
        path TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        hint TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    )""",
    """CREATE TABLE staged_digests (
        path TEXT PRIMARY KEY,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        checked_ns INTEGER NOT NULL,
        study TEXT NOT NULL,
        source TEXT NOT NULL,
        registry TEXT,
        headline TEXT NOT NULL,
        official_title TEXT,
        compound TEXT,
        evidence_type TEXT,
        date TEXT,
        ingested TEXT,
        digest_model TEXT,
        layout TEXT NOT NULL,
        facts TEXT NOT NULL,
        text TEXT NOT NULL
    )""",
    """CREATE TABLE staged_passages (
        path TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        section TEXT NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL,
        sentences TEXT NOT NULL,
        vector_key BLOB,
        PRIMARY KEY (path, ordinal)
    ) WITHOUT ROWID""",
)

DIGEST_COLUMNS: tuple[str, ...] = (
    "sha256",
    "size",
    "mtime_ns",
    "ctime_ns",
    "inode",
    "checked_ns",
    "study",
    "source",
    "registry",
    "headline",
    "official_title",
    "compound",
    "evidence_type",
    "date",
    "ingested",
    "digest_model",
    "layout",
    "facts",
)
"""Columns that a staged digest and a digest have in common, beside the path."""
