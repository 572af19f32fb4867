"""What `import ferrow` costs, each time in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = "import decimal, datetime, uuid, json"
LIMIT = 0.060
"""Seconds that ferrow may take on top of what every such program imports anyway."""


def python(code: str, cache: Path | None = None) -> str:
    """What a fresh interpreter prints; with `cache` it keeps its compiled modules there, as an installed package has them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if cache is None:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    else:
        environment["PYTHONPYCACHEPREFIX"] = str(cache)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "import ferrow",
        "from ferrow import Base, Mapped, mapped_column, Session, AsyncSession, create_engine, session_context, select, Q, func",
        "from ferrow import *",
        "import ferrow; ferrow.create_engine('postgresql://localhost/x')",
        "import ferrow; ferrow.Session(ferrow.create_engine('postgresql://localhost/x'))",
    ],
)
def test_no_heavy_modules(code: str) -> None:
    heavy = "asyncio", "pydantic", "ssl", "concurrent.futures", "multiprocessing", "importlib.metadata"

    assert python(f"{BASE}\n{code}\nimport sys; print([m for m in {heavy} if m in sys.modules])") == "[]"


@pytest.mark.parametrize(
    "code", ["import ferrow", "from ferrow import Base, Mapped, mapped_column, Session, create_engine"]
)
def test_time(code: str, tmp_path: Path) -> None:
    timed = f"{BASE}\nfrom time import perf_counter as t; start = t()\n{code}\nprint(t() - start)"

    assert min(float(python(timed, tmp_path)) for _ in range(5)) < LIMIT


def test_every_public_name_exists() -> None:
    import ferrow

    for name in ferrow.__all__:
        assert getattr(ferrow, name) is not None
    assert set(ferrow.__all__) <= set(dir(ferrow))
    with pytest.raises(AttributeError, match="nonsense"):
        ferrow.nonsense  # noqa: B018
