"""A fresh interpreter that imports a library: what a command-line program pays before its first line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from bench.case import Group, Kind, Work, group, sync_case

GROUP = group("any-import", "A fresh interpreter that imports a library", ops=1, unit="import")
USUAL = "import decimal, datetime, uuid, json"
CASES: list[tuple[Kind, str, str]] = [
    ("ferrow", "import ferrow", "import ferrow"),
    (
        "ferrow",
        "Ferrow's usual names",
        "from ferrow import Base, Mapped, mapped_column, ForeignKey, Session, create_engine, select",
    ),
    ("driver", "import asyncpg", "import asyncpg"),
    ("driver", "import psycopg", "import psycopg"),
    ("info", "import asyncio", "import asyncio"),
    ("info", "SQLAlchemy's usual names", "from sqlalchemy import create_engine, select; import sqlalchemy.orm"),
    ("floor", USUAL, ""),
]


def add(where: Group, kind: Kind, name: str, code: str) -> None:
    """A case that starts an interpreter; compiled modules are kept between runs, as for an installed package."""

    @sync_case(where, kind, name)
    def case() -> Iterator[Work]:
        with TemporaryDirectory() as cache:
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)

            def run() -> None:
                subprocess.run([sys.executable, "-c", code], check=True, env=environment, stderr=subprocess.DEVNULL)

            yield Work(run)


for kind, name, code in CASES:
    add(GROUP, kind, name, f"{USUAL}\n{code}")
