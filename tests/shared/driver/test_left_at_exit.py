"""A program that ends in the middle of what it reads or writes piece by piece ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.postgresql, pytest.mark.only(colour="sync")]

START = """
import asyncio, sys, threading
from ferrow import driver

url, sql = sys.argv[1], "SELECT n, repeat('x', 200) FROM generate_series(1, 300000) n"


def rows():
    yield from ((n, "x" * 100) for n in range(5000))
    sys.exit(3)


async def left(read):
    global conn, pieces
    conn = await driver.connect_async(url)
    pieces = aiter(read(conn))
    await anext(pieces)
"""
ENDS = {
    "COPY out": "conn = driver.connect(url); pieces = iter(conn.copy_out(sql=sql)); next(pieces); sys.exit(3)",
    "COPY out in a transaction": (
        "conn = driver.connect(url); tx = conn.begin(); pieces = iter(tx.copy_out(sql=sql)); next(pieces); sys.exit(3)"
    ),
    "stream": "conn = driver.connect(url); pieces = iter(conn.stream(sql)); next(pieces); sys.exit(3)",
    "COPY in": "conn = driver.connect(url); conn.script('CREATE TABLE t (n int, s text)'); conn.copy_in('t', rows())",
    "a thread's": (
        "conn = driver.connect(url); begun = threading.Event()\n"
        "threading.Thread(target=lambda: [begun.set() for _ in conn.copy_out(sql=sql)], daemon=True).start()\n"
        "begun.wait(); sys.exit(3)"
    ),
    "COPY out of a task": "asyncio.run(left(lambda conn: conn.copy_out(sql=sql))); sys.exit(3)",
    "stream of a task": "asyncio.run(left(lambda conn: conn.stream(sql))); sys.exit(3)",
}


@pytest.mark.parametrize("end", ENDS)
async def test_it_ends(postgresql_url: str, colour: str, end: str) -> None:
    program = [sys.executable, "-c", START + ENDS[end], postgresql_url]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)  # noqa: ASYNC221
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "Traceback" not in ended.stderr
    assert "Fatal" not in ended.stderr
