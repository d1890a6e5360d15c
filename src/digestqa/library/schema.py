"""The catalog's tables.

``digests``, ``texts`` and ``passages`` are what was read; ``passages_fts`` indexes the passages of current digests and
keeps no copy of their text (it is an external-content table over the view ``passage_texts``, so SQLite itself can check
the index against the text). ``vectors`` says where the vector of a key lies in the files of stored vectors, which
``vector_files`` lists; ``removed`` are the passages that a FAISS file may still hold. ``names`` holds what the digests
teach of names: abbreviations, spellings and other names of compounds. The
``staged_*`` tables hold what an unfinished ingest has read: no reader looks at them.

The full-text index is of folded text (``digestqa.names.fold``, as the SQL function ``folded``); nothing folded is ever
quoted.
"""

from __future__ import annotations

SCHEMA_VERSION = 3

FTS_TOKENIZER = "porter unicode61 remove_diacritics 2"

FTS_COLUMNS = "text, headline, section, study_words"
"""What is indexed of a passage; ``study_words`` are its study's id, compound and official title."""

PASSAGE_TEXTS = """CREATE VIEW passage_texts AS
    SELECT passages.id AS id,
           folded(substr(texts.text, passages.start_char + 1, passages.end_char - passages.start_char)) AS text,
           folded(digests.headline) AS headline,
           folded(sections.name) AS section,
           folded(
               digests.source || ' ' || coalesce(digests.compound, '') || ' ' || coalesce(digests.official_title, '')
           ) AS study_words
    FROM passages
    JOIN digests ON digests.id = passages.digest_id
    JOIN texts ON texts.digest_id = passages.digest_id
    JOIN sections ON sections.id = passages.section_id
    WHERE digests.current"""

PASSAGES_FTS = f"""CREATE VIRTUAL TABLE passages_fts USING fts5(
    {FTS_COLUMNS}, content='passage_texts', content_rowid='id', tokenize='{FTS_TOKENIZER}'
)"""

NAMES: tuple[str, ...] = (
    # place: the section's heading or the kind of line; keys: digestqa.names.name_key of the names.
    """CREATE TABLE names (
        id INTEGER PRIMARY KEY,
        digest_id INTEGER NOT NULL,
        short TEXT NOT NULL,
        short_key TEXT NOT NULL,
        long TEXT NOT NULL,
        long_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        place TEXT NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL
    )""",
    "CREATE INDEX names_by_digest ON names (digest_id)",
    "CREATE INDEX names_by_short ON names (short_key, long_key)",
    "CREATE INDEX names_by_long ON names (long_key, short_key)",
    """CREATE TABLE staged_names (
        path TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        short TEXT NOT NULL,
        short_key TEXT NOT NULL,
        long TEXT NOT NULL,
        long_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        place TEXT NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL,
        PRIMARY KEY (path, ordinal)
    ) WITHOUT ROWID""",
)
"""Since schema version 2."""

VECTORS: tuple[str, ...] = (
    # id: the volume and the row in its file (digestqa.library.vector_files); crc: zlib.crc32 of the row's bytes.
    """CREATE TABLE vectors (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE,
        crc INTEGER NOT NULL
    )""",
    # rows: how many count, the unused ones too.
    """CREATE TABLE vector_files (
        volume INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        rows INTEGER NOT NULL,
        row_bytes INTEGER NOT NULL
    )""",
)
"""Since schema version 3; before, the vectors lay in the catalog."""

LOOKUPS: tuple[str, ...] = (
    # The first passage of each digest: a digest's passages have numbers in a row.
    "CREATE INDEX passages_first ON passages (digest_id) WHERE ordinal = 0",
    "CREATE INDEX passages_by_section ON passages (section_id, digest_id)",
    "CREATE INDEX digests_by_date ON digests (current, date)",
    "CREATE INDEX digests_by_compound ON digests (current, compound)",
    # All that a scan compares files with.
    "CREATE INDEX digests_by_stamp ON digests (path, sha256, size, mtime_ns, ctime_ns, inode, checked_ns)",
    "CREATE INDEX digests_by_model ON digests (digest_model)",
)
"""Since schema version 3; a question reads no whole table."""

NAME_COLUMNS = "short, short_key, long, long_key, kind, place, start_char, end_char"
"""Columns that a staged name and a name have in common."""

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
    PASSAGE_TEXTS,
    PASSAGES_FTS,
    *LOOKUPS,
    *VECTORS,
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
    *NAMES,
)

INGEST_DATE = """CASE WHEN ingested GLOB '[12][0-9][0-9][0-9]' OR ingested GLOB '[12][0-9][0-9][0-9]-[01][0-9]'
                       OR ingested GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*' THEN substr(ingested, 1, 10) END"""
"""The ingest date of a row of ``digests`` where it is a date, and NULL where it is none or is not there."""

NEWEST_VERSION_FIRST = f"""{INGEST_DATE} DESC, (
        SELECT min(copy.mtime_ns) FROM main.digests AS copy
        WHERE copy.study = version.study AND copy.sha256 = version.sha256
    ) DESC, mtime_ns, path"""
"""The order of the versions of one study, rows of ``digests AS version``: by ingest date; of one day by which content
changed last; of one content the file that had it first. SQLite sorts NULL below every text."""

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
