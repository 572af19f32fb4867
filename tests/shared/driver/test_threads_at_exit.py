"""A program ends while daemon threads are in the core, wherever in it they run Python code at that moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ferrow import driver
from tests.support.certificates import Authority
from tests.support.tls_proxy import tls_proxy

pytestmark = pytest.mark.only(colour="sync")

START = """
import asyncio, sys, threading, time
from dataclasses import dataclass
from ferrow import driver
from ferrow.model import shape_of

url, begun = sys.argv[1], threading.Event()
MANY = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 900) SELECT n, 'xxxxxxxxxxxxxxxx' AS s FROM t"
ANSWER = 'SELECT 42 AS "id"' if "mysql" not in url else "SELECT 42 AS id"


def busy(*_):
    begun.set()
    while True:
        pass


def rows():
    yield (1, "x")
    busy()


@dataclass
class Model:
    id: int
    __post_init__ = busy


@dataclass
class Plain:
    n: int
    s: str


class Number:
    __index__ = __int__ = __float__ = busy


class Gone(str):
    __del__ = busy


class Total:
    step = finalize = busy


class Deep(dict):
    items = keys = __iter__ = busy


def again(step):
    while True:
        step()
        begun.set()


async def again_awaited():
    async with await driver.connect_async(url) as conn:
        while True:
            await asyncio.gather(*(conn.run(MANY, None, shape_of(Plain)) for _ in range(3)))
            begun.set()


async def awaited(statement, *rest):
    async with await driver.connect_async(url) as conn:
        if "sqlite" in url:
            await conn.sqlite.create_function("busy", busy)
        if "postgresql" in url:
            conn.on_notice(busy)
        await conn.run(statement, *rest)


class Last:
    uses = None

    def __del__(self, sleep=time.sleep):
        sleep(0.06)  # threads come for the GIL while the interpreter ends
        if self.uses is not None:
            self.uses()


def thread(work):
    threading.Thread(target=work, daemon=True).start()


def excepthook(arguments):
    if not begun.is_set():  # the threads of SQLite under asyncio are stopped by an exit before that of the loop
        threading.__excepthook__(arguments)


threading.excepthook = excepthook
sys.setswitchinterval(1e-4)
sys.modules["last"] = Last()  # goes in the middle of it, with those that the program has imported
conn = driver.connect(url)
"""
END = """
begun.wait()
time.sleep(0.02)
sys.exit(3)
"""
ALL = ("sqlite", "postgresql", "mariadb")
OURS = ("sqlite", "postgresql")
TABLE = "CREATE TABLE t (n int, s varchar(20)); INSERT INTO t VALUES (1, 'x')"
MANY = "INSERT INTO t VALUES ($1, $2)"
WAYS = {
    "statements": (
        ALL,
        "for _ in range(3): thread(lambda conn=driver.connect(url): again(lambda: conn.execute('SELECT 1')))",
    ),
    "rows": (
        ALL,
        "for _ in range(3): thread(lambda conn=driver.connect(url): again(lambda: conn.run(MANY, None, shape_of(Plain))))",
    ),
    "a constructor": (ALL, "thread(lambda: conn.run(ANSWER, None, shape_of(Model)))"),
    "a parameter": (
        OURS,
        "thread(lambda: conn.query('SELECT $1::float8' if 'sqlite' not in url else 'SELECT $1', [Number()]))",
    ),
    "a document": (
        OURS,
        "thread(lambda: conn.query('SELECT $1::jsonb' if 'sqlite' not in url else 'SELECT $1', [Deep(a=1)]))",
    ),
    "the end of a parameter": (
        OURS,
        f"thread(lambda: conn.run_many('{MANY}', ((n, Gone('x')) for n in range(9))))",
    ),
    "many rows": (OURS, f"thread(lambda: conn.run_many('{MANY}', rows()))"),
    "executemany": (OURS, f"thread(lambda: conn.cursor().executemany('{MANY}', rows()))"),
    "COPY in": (("postgresql",), "thread(lambda: conn.copy_in('t', rows()))"),
    "COPY out": (
        ("postgresql",),
        "thread(lambda: [begun.set() for _ in conn.copy_out(sql=MANY.replace('900', '300000'))])",
    ),
    "a codec that reads": (
        ("postgresql",),
        "conn.set_codec('int4', decode=busy); thread(lambda: conn.query('SELECT 1'))",
    ),
    "a codec that writes": (
        ("postgresql",),
        "conn.set_codec('int4', encode=busy); thread(lambda: conn.query('SELECT $1::int4', [1]))",
    ),
    "a codec of a column": (
        ("sqlite",),
        "conn.set_codec('int', decode=busy, format='value'); thread(lambda: conn.query('SELECT n FROM t'))",
    ),
    "a notice": (
        ("postgresql",),
        "conn.on_notice(busy); thread(lambda: conn.script(\"DO 'BEGIN RAISE NOTICE $$here$$; END'\"))",
    ),
    "a function": (
        ("sqlite",),
        "conn.sqlite.create_function('busy', busy); thread(lambda: conn.query('SELECT busy()'))",
    ),
    "an aggregate": (
        ("sqlite",),
        "conn.sqlite.create_aggregate('total_of', Total); thread(lambda: conn.query('SELECT total_of(1)'))",
    ),
    "a collation": (
        ("sqlite",),
        "conn.sqlite.create_collation('mine', busy); thread(lambda: conn.query(\"SELECT 'a' < 'b' COLLATE mine\"))",
    ),
    "a loop's rows": (ALL, "thread(lambda: asyncio.run(again_awaited()))"),
    "a loop's constructor": (ALL, "thread(lambda: asyncio.run(awaited(ANSWER, None, shape_of(Model))))"),
    "a loop's notice": (
        ("postgresql",),
        "thread(lambda: asyncio.run(awaited(\"DO 'BEGIN RAISE NOTICE $$here$$; END'\")))",
    ),
    "a loop's function": (("sqlite",), "thread(lambda: asyncio.run(awaited('SELECT busy()')))"),
}
EXITS = 4
"""Each of them aborts, more often than not, where a thread is torn out of the core."""


def exits(url: str, way: str) -> list[tuple[int, str]]:
    program = [sys.executable, "-c", START + WAYS[way][1] + END, url]
    with driver.connect(url) as conn:
        conn.script(TABLE)

    def one(_: int) -> tuple[int, str]:
        ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    with ThreadPoolExecutor(EXITS) as pool:
        return list(pool.map(one, range(EXITS)))


MARKS = {"sqlite": (), "postgresql": pytest.mark.postgresql, "mariadb": pytest.mark.mariadb}
CASES = [
    pytest.param(backend, way, marks=MARKS[backend], id=f"{backend}-{way}")
    for way, (backends, _) in WAYS.items()
    for backend in backends
]


@pytest.mark.parametrize(("kind", "way"), CASES)
async def test_it_ends(request: pytest.FixtureRequest, colour: str, kind: str, way: str) -> None:
    assert exits(request.getfixturevalue(f"{kind}_url"), way) == [(3, "")] * EXITS


HELD = {
    "postgresql": "conn.set_codec('int4', decode=busy); thread(lambda: conn.query('SELECT 1'))",
    "sqlite": "conn.sqlite.create_function('busy', busy); thread(lambda: conn.query('SELECT busy()'))",
}
LAST = """
def uses(query=conn.query, close=conn.close, wrong=RuntimeError, write=sys.stdout.write, flush=sys.stdout.flush):
    try:
        query("SELECT 2")
    except wrong as error:
        write(str(error))
    close()
    flush()


sys.modules["last"].uses = uses
"""


@pytest.mark.parametrize("held", [pytest.param(held, marks=MARKS[held]) for held in HELD])
async def test_who_wants_the_connection_of_such_a_thread_is_told(
    request: pytest.FixtureRequest, colour: str, held: str
) -> None:
    url = request.getfixturevalue(f"{held}_url")
    program = [sys.executable, "-c", START + HELD[held] + LAST + END, url]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=20, check=False)  # noqa: ASYNC221
    assert (ended.returncode, ended.stderr) == (3, "")
    assert ended.stdout.startswith(
        "the interpreter ends, and a daemon thread that it has stopped was using the connection; join"
    )


@pytest.fixture
def encrypted_url(postgresql_url: str) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        certificate = authority.issue("server", "localhost", "127.0.0.1")
        with tls_proxy(postgresql_url, certificate) as between:
            yield between.at("127.0.0.1", sslmode="verify-full", sslrootcert=str(authority.cert))


@pytest.mark.postgresql
@pytest.mark.parametrize("way", ["statements", "rows", "COPY in", "COPY out"])
async def test_it_ends_over_tls(encrypted_url: str, colour: str, way: str) -> None:
    assert exits(encrypted_url, way) == [(3, "")] * EXITS
