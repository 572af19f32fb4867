"""How notebooks show rows, results and statements: small HTML, every name and value escaped. Instances: `model/notebook.py`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

SHOWN = 20
"""Rows of a table that are shown, and characters of a value times ten."""


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], total: int) -> str:
    """The first rows of a result as a table; `total` is how many there are."""
    head = "".join([f"<th>{escape(name)}</th>" for name in columns])
    body = []
    for number, row in enumerate(rows):
        if number == SHOWN:
            break
        body.append("<tr>" + "".join([f"<td>{_shown(value)}</td>" for value in row]) + "</tr>")
    counted = "1 row" if total == 1 else f"{total} rows"
    rest = f"<p>{total - SHOWN} more of {counted}</p>" if total > SHOWN else f"<p>{counted}</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{rest}"


def record(title: str, names: Iterable[str], values: Iterable[Any]) -> str:
    """One row: a line for each of its columns."""
    lines = [
        f"<tr><th>{escape(name)}</th><td>{_shown(value)}</td></tr>" for name, value in zip(names, values, strict=True)
    ]
    return f"<table><caption>{escape(title)}</caption><tbody>{''.join(lines)}</tbody></table>"


def statement(sql: str, values: Sequence[Any]) -> str:
    """SQL, and below it the parameters by number."""
    numbered = "".join([f"<li>{_shown(value)}</li>" for value in values])
    return f"<pre><code>{escape(sql)}</code></pre>" + (f"<ol>{numbered}</ol>" if numbered else "")


def _shown(value: Any) -> str:
    if value is None:
        return "<em>NULL</em>"
    text = value if isinstance(value, str) else repr(value)
    return escape(text if len(text) <= SHOWN * 10 else text[: SHOWN * 10] + "…")
