"""Forked children, and interpreters that end with connections open."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

LIMIT = 5.0  # seconds between the end of a program and that of its process; what is at work would take 60


def run(code: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run a program that knows `url`; its output. Fails when it writes an error."""
    start = "import asyncio, gc, os, sys, threading, time\nfrom ferrow import driver\n"
    program = f"{start}url = {url!r}\n{textwrap.dedent(code)}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done


WRITER = """
conn = driver.connect(url)
conn.script("CREATE TABLE t (i int, s blob); PRAGMA cache_size = 10")
conn.script("BEGIN")
def write():
    for i in range(2000):
        conn.execute("INSERT INTO t VALUES (?, randomblob(500))", [i])
write()
child = os.fork()
if child == 0:
    {child}
os.waitpid(child, 0)
write()
conn.script("COMMIT")
print(conn.query_one("SELECT count(*) FROM t")[0], conn.query_one("PRAGMA integrity_check")[0])
conn.close()
other = driver.connect(url)
print(other.query_one("SELECT count(*) FROM t")[0], other.query_one("PRAGMA integrity_check")[0])
"""


@pytest.mark.parametrize("child", ["sys.exit()", "conn.close(); os._exit(0)", "del conn; gc.collect(); os._exit(0)"])
def test_a_child_leaves_the_transaction_of_its_parent_alone(tmp_path: Path, child: str) -> None:
    done = run(WRITER.format(child=child), f"sqlite:///{tmp_path / 'test.db'}")
    assert done.stdout.split("\n")[:2] == ["4000 ok", "4000 ok"]


FORKED = """
conn = driver.connect(url)
conn.query("SELECT 1")
child = os.fork()
if child == 0:
    try:
        conn.query("SELECT 'child'")
        print("wrong")
    except driver.InterfaceError as error:
        print("refused", conn.is_closed())
    own = driver.connect(url)
    print(own.query_one("SELECT 'own'")[0], flush=True)
    own.close()
    conn.close()
    os._exit(0)
mine = [conn.query_one(f"SELECT {i}")[0] for i in range(100)]
os.waitpid(child, 0)
print(mine == list(range(100)), conn.query_one("SELECT 5")[0])
"""


def test_a_child_is_refused_and_its_parent_unharmed(url: str) -> None:
    assert run(FORKED, url).stdout.split() == ["refused", "True", "own", "True", "5"]


BUSY = """
import warnings
warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)  # Python 3.12: the thread that waits is another one
conn, other = driver.connect(url), driver.connect(url)
other.query("SELECT pg_advisory_lock(77)")
answers = []
thread = threading.Thread(target=lambda: answers.append(conn.query_one("SELECT 5 FROM pg_advisory_lock(77)")[0]))
thread.start()
while not other.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
    pass
child = os.fork()
if child == 0:
    for use in (conn.query, conn.execute, conn.query_one):
        try:
            use("SELECT 'child'")
            print("wrong")
        except driver.InterfaceError as error:
            print("forked" in str(error))
    {end}
    print("ended", flush=True)
    os._exit(0)
os.waitpid(child, 0)
other.query("SELECT pg_advisory_unlock(77)")
thread.join()
print(answers, conn.query_one("SELECT 6")[0])
"""


@pytest.mark.postgresql
@pytest.mark.parametrize("end", ["conn.close()", "conn._core.wire.abort()", "del conn, use; gc.collect()"])
def test_a_child_does_not_wait_for_a_thread_of_its_parent(postgresql_url: str, end: str) -> None:
    """The owner of the lock was not forked: it never releases it in the child."""
    done = run(BUSY.format(end=end), postgresql_url)
    assert done.stdout.split("\n") == ["True", "True", "True", "ended", "[5] 6", ""]


LISTENING = """
conn = driver.connect(url)
conn.listen("jobs")
sender = driver.connect(url)
sender.notify("jobs", "parent's")
mine = conn.notifications(timeout=20)
child = os.fork()
if child == 0:
    try:
        print("wrong", next(mine))
    except driver.OperationalError as error:
        print("refused", flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(next(mine).payload)
"""


@pytest.mark.postgresql
def test_a_child_does_not_hear_what_its_parent_listens_to(postgresql_url: str) -> None:
    assert run(LISTENING, postgresql_url).stdout == "refused\nparent's\n"


SLOW = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    "postgresql": "SELECT pg_sleep(60)",
    "mariadb": "SELECT SLEEP(60)",
}

ENDS = {
    "sync, idle": "conn = driver.connect(url); conn.query('SELECT 1')",
    "sync, a daemon thread at work": """
        conn = driver.connect(url)
        threading.Thread(target=lambda: conn.query(slow), daemon=True).start()
        time.sleep(0.2)
    """,
    "async, idle": """
        async def main():
            global conn
            conn = await driver.connect_async(url)
            await conn.query('SELECT 1')
        asyncio.run(main())
    """,
    "async, at work": """
        async def main():
            global conn, task
            conn = await driver.connect_async(url)
            task = asyncio.ensure_future(conn.query(slow))
            await asyncio.sleep(0.2)
        asyncio.run(main())
    """,
    "async, twenty at work": """
        async def main():
            global conns, tasks
            conns = [await driver.connect_async(url) for _ in range(20)]
            tasks = [asyncio.ensure_future(conn.query(slow)) for conn in conns]
            await asyncio.sleep(0.2)
        asyncio.run(main())
    """,
}


@pytest.mark.alone
@pytest.mark.parametrize("end", ENDS)
def test_an_interpreter_ends_at_once_and_silently(url: str, backend: str, end: str) -> None:
    code = f"slow = {SLOW[backend]!r}\n{textwrap.dedent(ENDS[end])}\nprint(time.time())"
    done = run(code, url)
    assert time.time() - float(done.stdout) < LIMIT


HEIR = """
conn = driver.connect(url)
conn.script("CREATE TABLE t (i int)")
ready, go = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    own = driver.connect(url)
    own.execute("INSERT INTO t VALUES (0)")
    os.write(ready[1], b"x")
    os.read(go[0], 1)
    for i in range(1, 50):
        own.execute("INSERT INTO t VALUES (?)", [i])
    own.close()
    os._exit(0)
os.read(ready[0], 1)
conn.close()  # not the last one: the child must have locks of its own
os.write(go[1], b"x")
os.waitpid(child, 0)
with driver.connect(url) as after:
    print(after.query_one("SELECT count(*) FROM t")[0])
"""


def test_what_a_child_writes_survives_the_end_of_its_parent(sqlite_url: str) -> None:
    assert run(HEIR, sqlite_url).stdout == "50\n"
