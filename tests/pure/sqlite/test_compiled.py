"""The bundled SQLite is the one that .cargo/config.toml describes."""

from ferrow._core import SqliteConnection
from tests.pure.sqlite.ask import rows, value


def test_compile_options(db: SqliteConnection) -> None:
    options = {row[0] for row in rows(db, "PRAGMA compile_options")}
    # For speed: .cargo/config.toml says why each is safe.
    assert {"THREADSAFE=2", "DEFAULT_MEMSTATUS=0", "OMIT_SHARED_CACHE"} <= options
    # What SQL may use.
    assert {
        "ENABLE_COLUMN_METADATA",
        "ENABLE_FTS5",
        "ENABLE_LOAD_EXTENSION",
        "ENABLE_MATH_FUNCTIONS",
        "ENABLE_RTREE",
    } <= options
    assert not {option for option in options if option.startswith(("OMIT_", "DEBUG"))} - {"OMIT_SHARED_CACHE"}


def test_what_the_options_are_for(db: SqliteConnection) -> None:
    assert value(db, "SELECT sqrt(2) > 1.41 AND ln(1) = 0") == 1
    assert value(db, """SELECT json_extract('{"a": [1, 2]}', '$.a[1]')""") == 2
    db.script("CREATE VIRTUAL TABLE words USING fts5(text); CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1)")
    db.script("INSERT INTO words VALUES ('a quick fox'); INSERT INTO boxes VALUES (1, 0, 2)")
    assert rows(db, "SELECT text FROM words WHERE words MATCH 'quick'") == [("a quick fox",)]
    assert rows(db, "SELECT id FROM boxes WHERE x1 > 1") == [(1,)]
    assert rows(db, "SELECT row_number() OVER (ORDER BY text) FROM words") == [(1,)]


def test_a_name_in_quotes_is_never_a_text(db: SqliteConnection) -> None:
    """Set when a connection is opened; compiled in it would also refuse files whose schema has such a text."""
    db.script('CREATE TABLE t (a DEFAULT "text")')
    rows(db, "INSERT INTO t DEFAULT VALUES")
    assert value(db, "SELECT a FROM t") == "text"
