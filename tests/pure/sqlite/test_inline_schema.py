"""Short reads in the thread of whoever asks, when the schema has changed: to compile a statement anew can take any time."""

from ferrow._core import SqliteConnection
from tests.pure.sqlite.ask import TUPLES, value
from tests.pure.sqlite.attempts import inline, never

B = "SELECT b FROM t WHERE a = ?"
TABLES = "CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 'one')"


def reprepared(db: SqliteConnection) -> None:
    """Its statement then runs inline soon, as nothing was its fault: once to be compiled, and once to look at its program."""
    never(db, B, [1])
    for _ in range(2):
        assert value(db, B, [1]) == "one"
    found = db.attempt(B, [1], TUPLES) or db.attempt(B, [1], TUPLES)
    assert found is not None
    assert found.rows == [("one",)]


def test_a_statement_is_compiled_anew_in_the_thread(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    db.script(TABLES)
    inline(db, B, [1])
    for number in range(20):
        db.run(f"CREATE TABLE another_{number} (a)", None, TUPLES)
        reprepared(db)
    db.close()


def test_so_it_is_when_another_connection_has_changed_the_schema(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="delete")
    db.script(TABLES)
    inline(db, B, [1])
    other = SqliteConnection(path, journal_mode="delete")
    for number in range(20):
        other.script(f"CREATE TABLE another_{number} (a)")
        reprepared(db)
    other.close()
    db.close()


def test_so_it_is_in_a_transaction(path: str) -> None:
    db = SqliteConnection(path, inline_reads=True, journal_mode="wal")
    db.script(TABLES)
    inline(db, B, [1])
    other = SqliteConnection(path)
    other.script("CREATE TABLE another (a)")
    db.script("BEGIN")
    assert value(db, "SELECT 1 FROM t") == 1
    reprepared(db)
    assert db.status == "transaction"
    db.script("COMMIT")
    other.close()
    db.close()
