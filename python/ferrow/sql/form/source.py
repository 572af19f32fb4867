"""Subqueries, lists of values and common table expressions."""

from __future__ import annotations

from typing import Any

from ferrow.errors import NotSupportedError
from ferrow.sql.shape import form
from ferrow.sql.writer import Writer
from ferrow.types import SQLType

_CHANGES = frozenset({"insert", "update", "delete"})


@form("subquery")
def SUBQUERY(out: Writer, key: Any, query: Any, lateral: bool) -> str:
    """`(query) AS alias`; LATERAL lets it see the sources before it."""
    word = out.dialect.lateral() if lateral else ""
    return f"{word}({out.write(query)}) AS {key.prefix(out)}"


@form("values")
def VALUES(out: Writer, key: Any, names: tuple[str, ...], *rows: Any) -> str:
    """`(SELECT column1 AS id ... FROM (VALUES ...) AS v) AS v`, or what comes to the same."""
    alias = key.prefix(out)
    texts = [[out.write(value) for value in row] for row in rows]
    return out.dialect.value_rows([out.name(name) for name in names], texts, alias)


def written(out: Writer, rows: Any) -> str:
    """Return rows as VALUES has them."""
    return ", ".join([f"({', '.join([out.write(value) for value in row])})" for row in rows])


@form("unnest")
def UNNEST(out: Writer, key: Any, names: tuple[str, ...], *lists: Any) -> str:
    """`unnest($1::integer[], $2::text[]) AS v (id, name)`.

    With a count behind the lists `(SELECT unnest($1::integer[]) AS id, ..., generate_series(1, (SELECT $3))) AS v`.
    """
    if len(lists) == len(names):
        columns = ", ".join([out.name(name) for name in names])
        return f"{out.dialect.unnest(', '.join([out.write(one) for one in lists]))} AS {key.prefix(out)} ({columns})"
    read = [
        f"{out.dialect.unnest(out.write(one))} AS {out.name(name)}" for name, one in zip(names, lists, strict=False)
    ]
    return f"(SELECT {', '.join(read)}, generate_series(1, (SELECT {out.write(lists[-1])}))) AS {key.prefix(out)}"


@form("cte")
def CTE(out: Writer, name: str, materialized: bool | None, query: Any) -> str:
    """`name AS [[NOT] MATERIALIZED] (query)`, or a statement that changes rows and returns them.

    Raises:
        NotSupportedError: such a statement, and the database has none in WITH.
    """
    if query[0].name in _CHANGES and not out.dialect.changes_in_ctes:
        msg = f"{out.dialect.name} has no {query[0].name.upper()} in WITH ({name!r}): run it by itself with returning(), then the query"
        raise NotSupportedError(msg)
    how = out.dialect.materialized(materialized)
    return f"{out.name(name)} AS {how}({out.write(query)})"


@form("with")
def WITH(out: Writer, recursive: bool, *definitions: Any) -> str:
    """`WITH [RECURSIVE] one AS (...), two AS (...)`.

    A query inside another one brings the definitions it needs itself. One that is around it already, word for word and without
    parameters, is not repeated.
    """
    texts = []
    for definition in definitions:
        if out.defined.get(definition[1]) != definition:
            out.defined = {**out.defined, definition[1]: definition}
            texts.append(out.write(definition))
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(texts)}" if texts else ""


@form("scalar")
def SCALAR(out: Writer, type: SQLType, query: Any) -> str:
    """The one value of a query of one column and at most one row."""
    return f"({out.write(query)})"
