"""The SQL of an example of every form, in every dialect, as it was when somebody last looked at it.

    FERROW_WRITE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/pure/sql/test_snapshots.py

writes the files anew; what has changed is then in the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ferrow.errors import NotSupportedError
from ferrow.sql import Statement, compile
from ferrow.sql.dialect import ALL, Dialect
from tests.pure.sql.test_completeness import EXAMPLES

FOLDER = Path(__file__).parent / "snapshots"


def text_of(statement: Statement, dialect: Dialect) -> str:
    try:
        return compile(statement, dialect).sql
    except NotSupportedError as error:
        return f"not supported: {error}"


@pytest.mark.parametrize("dialect", ALL.values(), ids=lambda dialect: dialect.name)
def test_every_form_is_written_as_it_was(dialect: Dialect) -> None:
    texts = {name: text_of(statement, dialect) for name, statement in EXAMPLES.items()}
    file = FOLDER / f"{dialect.name}.sql"
    if os.environ.get("FERROW_WRITE_SNAPSHOTS"):
        file.write_text("".join([f"-- {name}\n{sql}\n" for name, sql in texts.items()]))
    assert file.exists(), f"write {file} with FERROW_WRITE_SNAPSHOTS=1, and look at it"
    lines = file.read_text().splitlines()
    assert dict(zip([line.removeprefix("-- ") for line in lines[::2]], lines[1::2], strict=True)) == texts
