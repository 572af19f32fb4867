"""A forked child whose parent is in the middle of something on the same file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.isolated.test_processes import run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

CHILD = """
conn = driver.connect(url)
conn.script("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1), (2), (3)")
{middle}
child = os.fork()
if child == 0:
    {forget}
    try:
        driver.connect(url)
    except driver.OperationalError as error:
        print(error)
    elsewhere = driver.connect(url + ".other")
    print(elsewhere.query_one("SELECT 'elsewhere'")[0], flush=True)
    os._exit(0)
os.waitpid(child, 0)
{after}
print(conn.query_one("SELECT count(*) FROM t")[0], conn.query_one("PRAGMA integrity_check")[0])
"""

TRANSACTION = {"middle": "conn.script('BEGIN IMMEDIATE; INSERT INTO t VALUES (4)')", "after": "conn.script('COMMIT')"}
CURSOR = {
    "middle": "cursor = conn.wire.core.open_cursor('SELECT a FROM t', None, driver.Shape.tuples())",
    "after": "cursor.fetch(9); conn.execute('INSERT INTO t VALUES (4)')",
}


@pytest.mark.parametrize("middle", [TRANSACTION, CURSOR], ids=["transaction", "cursor"])
@pytest.mark.parametrize("forget", ["pass", "del conn; gc.collect()"])
def test_the_file_is_refused_and_others_are_not(tmp_path: Path, middle: dict[str, str], forget: str) -> None:
    done = run(CHILD.format(forget=forget, **middle), f"sqlite:///{tmp_path}/a.db")
    refused, elsewhere, parent = done.stdout.splitlines()
    assert "a.db" in refused
    assert "forked while its parent was inside a transaction" in refused
    assert "'spawn'" in refused
    assert elsewhere == "elsewhere"
    assert parent == "4 ok"
