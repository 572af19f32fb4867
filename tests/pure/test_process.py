"""The process number is right on both sides of a fork."""

from __future__ import annotations

import os

import pytest

from ferrow.process import pid


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_child_knows_its_own_number() -> None:
    before = pid()
    assert before == os.getpid()
    child = os.fork()
    if child == 0:
        os._exit(0 if pid() == os.getpid() != before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pid() == before
