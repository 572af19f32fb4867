"""Short reads in the thread of whoever asks, when the schema has changed: to compile a statement anew can take any time."""

from collections.abc import Callable

from ferrow._core import SqliteConnection
from tests.pure.sqlite.ask import TUPLES, value
from tests.pure.sqlite.attempts import TRIES, inline, never

B = "SELECT b FROM t WHERE a = ?"
TABLES = "CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 'one')"


def reprepared(db: SqliteConnection, change: Callable[[str], object]) -> None:
    """Whenever the schema changes its statement goes to the thread, once to be compiled and once to have its program looked at, and no longer.

    A slow machine may hold one up now and then, but hardly twice in a row. Had it been the statement's fault, it would have to be quick
    in the thread many times.
    """
    inlined = 0
    for number in range(TRIES):
        change(f"CREATE TABLE another_{number} (a)")
        never(db, B, [1])
        for _ in range(2):
            assert value(db, B, [1]) == "one"
        found = db.attempt(B, [1], TUPLES)
        assert found is None or found.rows == [("one",)]
        inlined = inlined + 1 if found is not None else 0
        if inlined == 2:
            return
    raise AssertionError("it no longer runs inline")


def test_a_statement_is_compiled_anew_in_the_thread(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    db.script(TABLES)
    inline(db, B, [1])
    reprepared(db, db.script)
    db.close()


def test_so_it_is_when_another_connection_has_changed_the_schema(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    db.script(TABLES)
    inline(db, B, [1])
    other = SqliteConnection(path, journal_mode="delete")
    reprepared(db, other.script)
    other.close()
    db.close()


def test_so_it_is_in_a_transaction(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="wal")
    db.script(TABLES)
    inline(db, B, [1])
    other = SqliteConnection(path)

    def change(sql: str) -> None:
        if db.status == "transaction":
            db.script("COMMIT")
        other.script(sql)
        db.script("BEGIN")
        assert value(db, "SELECT 1 FROM t") == 1

    reprepared(db, change)
    assert db.status == "transaction"
    db.script("COMMIT")
    other.close()
    db.close()
