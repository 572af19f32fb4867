"""What `python -m bench.healing` prints, with an outage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.postgresql


def test_nothing_but_the_outcomes_is_printed() -> None:
    """A server that crashes says so to each client, and Python prints what nobody logs."""
    program = "from bench import healing; healing.OUTAGES = {'restarted': ''}; healing.main(0.1)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["restarted", colour] for colour in ("blocking", "asyncio")
    ]
