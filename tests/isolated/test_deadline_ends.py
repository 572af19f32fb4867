"""A cancellation in the background meets the end of its program, a fork, and Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from ferrow import driver
from ferrow.errors import QueryTimeout
from tests.isolated.test_processes import run
from tests.support import keyboard

pytestmark = pytest.mark.postgresql

LATE = """
from ferrow.errors import QueryTimeout
conn = driver.connect(url, application_name="ends")
try:
    conn.query("SELECT pg_sleep(20)", timeout=0.1)
except QueryTimeout as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("end", ["", "conn.close()", "conn.wire.abort()", "del conn", "sys.exit()"])
def test_a_program_may_end_at_once_and_its_statement_ends_too(postgresql_url: str, end: str) -> None:
    assert run(LATE + end, postgresql_url).stdout == "QueryTimeout\n"
    with driver.connect(postgresql_url) as conn:
        until = time.monotonic() + 10
        while conn.query_one("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ends'")[0]:
            assert time.monotonic() < until, "the statement goes on"
            time.sleep(0.02)


CHILD = """
import warnings
warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)  # Python 3.12: the thread that tells the server is another one
child = os.fork()
if child == 0:
    try:
        conn.query("SELECT 1")
    except driver.InterfaceError as error:
        print("forked" in str(error), conn.is_closed())
    {end}
    sys.stdout.flush()
    os._exit(0)
os.waitpid(child, 0)
print(conn.query_one("SELECT 7")[0])
"""


@pytest.mark.parametrize("end", ["pass", "conn.close()", "conn._core._wire.abort()", "del conn; gc.collect()"])
def test_a_forked_child_leaves_it_alone(postgresql_url: str, end: str) -> None:
    lines = run(LATE + CHILD.format(end=end), postgresql_url).stdout.split("\n")
    assert "7" in lines
    assert "True True" in lines or "True False" in lines


def test_ctrl_c_frees_its_caller_at_once(postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        main = threading.main_thread().ident or 0
        with keyboard.listening(), pytest.raises(KeyboardInterrupt):
            threading.Timer(0.2, signal.pthread_kill, [main, signal.SIGINT]).start()
            conn.query("SELECT pg_sleep(600)")
        assert conn.query_one("SELECT 7")[0] == 7
        with pytest.raises(QueryTimeout):
            conn.query("SELECT pg_sleep(30)", timeout=0.1)
        assert conn.query_one("SELECT 8")[0] == 8
