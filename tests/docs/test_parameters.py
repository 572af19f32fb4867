"""No document puts values into the text of SQL (as PostPyro's own does, F-D14 of its review): they are parameters everywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.docs.test_documents import DOCUMENTS, ROOT

SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|CALL|VALUES)\s", re.IGNORECASE)

SOURCES = [(path, block.line, block.text) for path, found in DOCUMENTS.items() for block in found]
SOURCES += [(path, 1, path.read_text()) for path in sorted((ROOT / "examples").rglob("*.py"))]


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    """The operands of string building: f-strings, `+`, `%` and `format`."""
    match node:
        case ast.JoinedStr(values=[ast.Constant() as first, *_]) if any(
            isinstance(each, ast.FormattedValue) for each in node.values
        ):
            yield first
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right) if not isinstance(right, ast.Constant):
            yield left
        case ast.Call(func=ast.Attribute(value=text, attr="format")):
            yield text


def written_into(source: str) -> list[int]:
    """The lines in which a statement is built from strings."""
    tree = compile(source, "a document", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return [
        part.lineno
        for node in ast.walk(tree)
        for part in _parts(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and SQL.match(part.value)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "conn.execute_batch([f\"INSERT INTO users (name) VALUES ('{name}')\" for name in names])",
        'conn.query("SELECT * FROM users WHERE id = " + key)',
        'conn.query("SELECT * FROM users WHERE id = %s" % key)',
        'await conn.query("select {}".format(key))',
    ],
)
def test_what_it_looks_for(source: str) -> None:
    assert written_into(source) == [1]


def test_values_are_parameters() -> None:
    assert len(SOURCES) > 200
    found = [f"{path}:{line + at - 1}" for path, line, text in SOURCES for at in written_into(text)]
    assert found == []
