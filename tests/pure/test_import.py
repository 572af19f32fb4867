"""What `import ferrow` costs, each time in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ferrow

PACKAGE = Path(ferrow.__path__[0])
BASE = "import decimal, datetime, uuid, json"


def python(code: str) -> str:
    """What a fresh interpreter prints. How long it takes is measured in bench/cases/importing.py."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "import ferrow",
        "from ferrow import Base, Mapped, mapped_column, Session, AsyncSession, create_engine, session_context, select, Q, func",
        "from ferrow import *",
        "import ferrow; ferrow.create_engine('postgresql://localhost/x')",
        "import ferrow; ferrow.Session(ferrow.create_engine('postgresql://localhost/x'))",
        "from ferrow.crud.sync import ConnectionManager, insert, Partial",
    ],
)
def test_no_heavy_modules(code: str) -> None:
    heavy = "asyncio", "pydantic", "ssl", "concurrent.futures", "multiprocessing", "importlib.metadata"

    assert python(f"{BASE}\n{code}\nimport sys; print([m for m in {heavy} if m in sys.modules])") == "[]"


def test_the_driver_comes_without_dataclasses() -> None:
    """They load `inspect`, and took as long as the rest of the driver."""
    heavy = "dataclasses", "inspect", "asyncio", "ssl", "socket", "pathlib", "logging"

    assert python(f"import ferrow.driver\nimport sys; print([m for m in {heavy} if m in sys.modules])") == "[]"


def test_an_address_is_connected_to_without_the_encoding_of_names() -> None:
    code = """
import socket, sys
from ferrow.driver import OperationalError, connect
with socket.socket() as bound:  # and nobody listens
    bound.bind(("127.0.0.1", 0))
    try:
        connect("postgresql://127.0.0.1:%s/x" % bound.getsockname()[1])
    except OperationalError as error:
        print("refused" in str(error), "encodings.idna" in sys.modules)
"""

    assert python(code) == "True False"


def test_names_in_strings_are_of_the_same_room() -> None:
    """Import-linter does not see them. The one door upwards says why it is there."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        room = file.relative_to(PACKAGE).parts[0]
        for name in re.findall(r'import_module\(f?"ferrow\.(\w+)', file.read_text()):
            if name != room:
                found.setdefault(str(file.relative_to(PACKAGE)), set()).add(name)
    assert found == {"model/above.py": {"orm"}}


def test_every_public_name_exists() -> None:
    import ferrow

    for name in ferrow.__all__:
        assert getattr(ferrow, name) is not None
    assert set(ferrow.__all__) <= set(dir(ferrow))
    with pytest.raises(AttributeError, match="nonsense"):
        ferrow.nonsense  # noqa: B018


FIRST = """
import importlib, os, sys
import ferrow
rooms = [f"ferrow.{name}" if name else "ferrow" for name in ("", "crud", "repository", "driver")]
for room in rooms:
    home = getattr(importlib.import_module(room), "_HOME", {})
    for module in sorted({where for where in home.values() if where and not where.startswith(".")}):
        child = os.fork()
        if not child:
            try:
                importlib.import_module(f"{room}.{module}")
            except BaseException as error:
                print(f"{room}.{module}: {error}", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_any_public_name_can_be_the_first_that_is_imported() -> None:
    """Modules that need each other work in one order only: `from ferrow.crud import SQLBuilder` alone once failed."""
    assert python(FIRST) == ""
