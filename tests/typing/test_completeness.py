"""Every name of the package has a type that each checker reads alike: what an editor shows of it is no guess.

An attribute without an annotation (`self.x = x`) is one that checkers may infer differently, and with it goes all that has one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_all_types_are_known(tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    done = subprocess.run(
        [programs / "basedpyright", "--verifytypes", "ferrow", "--ignoreexternal", "--outputjson"],
        cwd=tmp_path,  # not the project's: its settings are for another way to look at the package
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        },  # where it looks for installed packages
        capture_output=True,
        text=True,
        check=False,
    )
    symbols = json.loads(done.stdout)["typeCompleteness"]["symbols"]
    assert any(symbol["name"] == "ferrow.engine.engine.AsyncEngine" for symbol in symbols), done.stdout[:2000]
    vague = [symbol for symbol in symbols if not symbol["isTypeKnown"]]
    # What is vague only because of another one has nothing to say for itself.
    assert not vague, "\n".join(
        f"{symbol['name']}: {found['message'].splitlines()[0]}" for symbol in vague for found in symbol["diagnostics"]
    )
