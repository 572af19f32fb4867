"""How long a short read of SQLite holds up an event loop at worst, in milliseconds of processor time: `python -m bench.inline_reads`."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ferrow._core import Shape, SqliteConnection

TUPLES = Shape.tuples()
BEHIND = "SELECT c FROM t WHERE a = ?"
TRIES = 9
WARMING = 5000

CASES = (
    ("a column behind 200 MB that are not cached", 200, 4096, 2_000),
    ("a column behind 28 MB that are cached", 28, 4096, 200_000),
    ("the same behind 20 MB in pages of 512 bytes", 20, 512, 200_000),
)
"""What is read, the megabytes in front of it, bytes of a page, and the KiB that are cached."""


def attempts(path: Path, megabytes: int, page: int, cached: int) -> list[tuple[float, bool]]:
    """Milliseconds of each attempt, and whether it came to its end."""
    db = SqliteConnection(str(path), inline_reads=True, journal_mode="delete", cache_size=-cached)
    db.script(f"PRAGMA page_size = {page}; VACUUM; CREATE TABLE t (a INTEGER PRIMARY KEY, b, c)")
    db.run("INSERT INTO t VALUES (1, NULL, 'x'), (2, zeroblob(?), 'behind')", [megabytes * 1_000_000], TUPLES)
    found = []
    for _ in range(TRIES):
        db.run(BEHIND, [2], TUPLES)
        for _ in range(WARMING):
            if db.attempt(BEHIND, [1], TUPLES) is not None:
                break
            db.run(BEHIND, [1], TUPLES)
        started = time.thread_time()
        ended = db.attempt(BEHIND, [2], TUPLES) is not None
        found.append(((time.thread_time() - started) * 1000, ended))
    db.close()
    return found


TABLES = (1000, 5000)
"""With an index each, of a schema that another connection changes: what the reader knew of it is thrown away in the loop."""


def changed(path: Path, tables: int) -> list[tuple[float, bool]]:
    """As `attempts`, of a read that finds the schema changed."""
    sql = "SELECT b FROM t WHERE a = ?"
    db = SqliteConnection(str(path), inline_reads=True, journal_mode="wal")
    made = (f"CREATE TABLE t{n} (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX i{n} ON t{n} (b);" for n in range(tables))
    db.script(f"BEGIN; CREATE TABLE t (a INTEGER PRIMARY KEY, b); {''.join(made)} COMMIT")
    other = SqliteConnection(str(path), inline_reads=True)
    found = []
    for number in range(TRIES):
        for _ in range(WARMING):
            db.run(sql, [1], TUPLES)
            if db.attempt(sql, [1], TUPLES) is not None:
                break
        other.script(f"CREATE TABLE new{number} (a)")
        started = time.thread_time()
        ended = db.attempt(sql, [1], TUPLES) is not None
        found.append(((time.thread_time() - started) * 1000, ended))
    other.close()
    db.close()
    return found


def main() -> None:
    """Print a table."""
    print("| | median | longest | came to its end |\n|---|---:|---:|---:|")
    for name, megabytes, page, cached in CASES:
        with TemporaryDirectory() as folder:
            show(name, attempts(Path(folder) / "bench.db", megabytes, page, cached))
    for tables in TABLES:
        with TemporaryDirectory() as folder:
            show(f"behind a change of {tables:,} tables", changed(Path(folder) / "bench.db", tables))


def show(name: str, found: list[tuple[float, bool]]) -> None:
    """Print a row of it."""
    times = [milliseconds for milliseconds, _ in found]
    ends = sum(ended for _, ended in found)
    print(f"| {name} | {median(times):.2f} | {max(times):.2f} | {ends} of {len(found)} |")


if __name__ == "__main__":
    main()
