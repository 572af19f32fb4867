"""SQL text, asserted per dialect."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql import Condition, Delete, Expr, Select, Statement, TableRef, compile
from ferrow.sql.dialect import ALL

RECORDS = Path(__file__).with_name("mysql_texts.json")

NOT_SUPPORTED = "not supported"
"""What a test says where a dialect must refuse (`NotSupportedError`)."""


def assert_sql(statement: Statement, *, values: Sequence[Any] = (), **texts: str) -> None:
    """Compile for every dialect and compare; a dialect without a text is an error, so that none can be forgotten.

    MariaDB's texts are in `mysql_texts.json`, by PostgreSQL's; FERROW_TEST_RECORD=1 writes there what is compiled, to be read by you.
    """
    texts.setdefault("mysql", recorded(statement, texts.get("postgresql", "") + "|" + texts.get("sqlite", "")))
    missing = ALL.keys() - texts.keys()
    if missing or texts.keys() - ALL.keys():
        msg = f"assert_sql needs a text (or NOT_SUPPORTED) for each of {sorted(ALL)}, got {sorted(texts)}"
        raise TypeError(msg)
    for name, dialect in ALL.items():
        try:
            compiled = compile(statement, dialect)
        except NotSupportedError:
            assert texts[name] == NOT_SUPPORTED, f"{name} refuses the statement"
            continue
        # pytest does not explain assertions outside of test files, so they say it themselves.
        assert compiled.sql == texts[name], f"{name}\n    expected {texts[name]}\n    compiled {compiled.sql}"
        assert len(compiled.parameters) == len(statement.values), (
            f"{name}: {compiled.parameters} for {statement.values}"
        )
    assert tuple(values) == statement.values, f"expected values {values}, got {statement.values}"


def recorded(statement: Statement, key: str) -> str:
    """The text on file."""
    known: dict[str, str] = json.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    if os.environ.get("FERROW_TEST_RECORD"):
        try:
            known[key] = compile(statement, ALL["mysql"]).sql
        except NotSupportedError:
            known[key] = NOT_SUPPORTED
        RECORDS.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n")
    assert key in known, f"no text for mysql: record it, and read it; {key}"
    return known[key]


def assert_expr(expr: Expr[Any], *, values: Sequence[Any] = (), **texts: str) -> None:
    """The same for an expression over columns of table `t`: in the column list, or in WHERE if it is a condition."""
    t = TableRef("t")
    if isinstance(expr, Condition):
        statement: Statement = Delete(t, where=expr)
        frame = ("DELETE FROM t WHERE ", "")
    else:
        statement = Select([expr], t)
        frame = ("SELECT ", " FROM t")
    texts = {name: text if text == NOT_SUPPORTED else text.join(frame) for name, text in texts.items()}
    assert_sql(statement, values=values, **texts)


def both(text: str) -> dict[str, str]:
    """A text that differs in nothing but the placeholders."""
    return {"postgresql": text, "sqlite": text.replace("$", "?")}
