"""A thread that Python's end finds below the lock of a connection ends nobody but itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading, time, weakref
from ferrow._core import PgLock, PgPooler, PgSession, Shape

below = threading.Event()

def wait(*arguments, sleep=time.sleep):
    below.set()
    while True:
        sleep(0.001)  # gives the GIL away, and never gets it back

class Wire:
    _failed = _run_slowly = staticmethod(wait)

class Transport:
    def write(self, data): ...
    def get_write_buffer_size(self): return 0
    def is_closing(self): return False

session = PgSession(
    user="u", database="d", password=None, parameters=[], allow_cleartext=False, allow_md5=False, scram_max_iterations=4096,
    statement_cache_size=0, statement_prefix="s", prepared_statements="named", pooler=PgPooler(),
)
wire = Wire()
lock = PgLock(session, weakref.ref(wire), "building a result", sys.argv[1] == "slowly")

def work():
    match sys.argv[1]:
        case "deferred":
            lock.defer(wait)
        case "handler":
            session.on_notice = wait
            session.connection_made(Transport())
            said = b"SNOTICE\\0C00000\\0Mhey\\0\\0"
            said = b"N" + (len(said) + 4).to_bytes(4) + said
            session.get_buffer(-1)[: len(said)] = said
            session.buffer_updated(len(said))
        case _:
            lock.run_now("SELECT 1", None, Shape.tuples())

threading.Thread(target=work, daemon=True).start()
assert below.wait(20)

class Late:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)  # when all other threads are to end

late = Late()
"""


@pytest.mark.parametrize("where", ["slowly", "failed", "deferred", "handler"])
def test_the_program_ends_as_it_would(where: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, where], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
