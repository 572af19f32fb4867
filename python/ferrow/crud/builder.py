"""`SQLBuilder`: the statements of PicoPG's document, to look at and to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ferrow.crud.columns import inserted, updated, values
from ferrow.crud.filters import holds_several, invalid
from ferrow.crud.paging import must_count_pages
from ferrow.crud.plan import plan_for
from ferrow.crud.statement import SQLStatement
from ferrow.errors import ProgrammingError, UnknownColumn
from ferrow.identifier import in_quotes
from ferrow.model.column import Column
from ferrow.model.table import Table
from ferrow.orm.fitting import encoded
from ferrow.orm.plan import Plan
from ferrow.sql.dialect import named

Built = tuple[SQLStatement, list[Any]]


class SQLBuilder:
    """Statements as text, each with its parameters: `query, params = SQLBuilder.build_insert(user)`.

    `str(query)` is the text with `%s`. The query runs as it is on PostgreSQL and SQLite, through `select_raw` and `execute_raw` as
    well as through cursors, connections and engines. Nothing here is sent, and nothing is added: versions are not looked at, and rows
    that were deleted softly are rows like all others.
    """

    @staticmethod
    def build_insert(model: object) -> Built:
        """`INSERT INTO "post" (title, content) VALUES (%s, %s) RETURNING *`, of what `insert` would send."""
        plan = _plan(type(model))
        columns = inserted(plan, model)
        text = Text(f"INSERT INTO {_table(plan.table)} ")
        if columns:
            text.say(f"({', '.join([_name(c) for c in columns])}) VALUES (")
            text.list(columns, values(plan, model, columns, "inserted"))
            text.say(")")
        else:
            text.say("DEFAULT VALUES")
        return text.say(" RETURNING *").done()

    @staticmethod
    def build_select(
        model_class: type,
        where: Mapping[str, Any] | None = None,
        limit: int | None = None,
        order_by: str | Sequence[str] | None = None,
    ) -> Built:
        """`SELECT * FROM "post" WHERE author_id = %s ORDER BY id LIMIT %s`.

        `where` are values by field (None: NULL; a list: one of these, NULL too if None is in it), `order_by` fields, with `-` for the largest first. Raises UnknownField.
        """
        plan = _plan(model_class)
        text = Text(f"SELECT * FROM {_table(plan.table)}")
        _where(text, plan.table, where)
        _order(text, plan.table, order_by)
        if limit is not None:
            text.say(" LIMIT ").value("int", limit)
        return text.done()

    @staticmethod
    def build_update(model: object) -> Built:
        """`UPDATE "post" SET title = %s WHERE id = %s RETURNING *`, of what `update` would write. Raises ProgrammingError if that is nothing."""
        plan = _plan(type(model))
        columns = updated(plan, model, None)
        if not columns:
            msg = f"there is nothing to update: of this {plan.table.label} no field but the primary key was given"
            raise ProgrammingError(msg)
        text = Text(f"UPDATE {_table(plan.table)} SET ")
        text.list(columns, values(plan, model, columns, "updated"), " = ")
        _by_key(text, plan, model, "update")
        return text.say(" RETURNING *").done()

    @staticmethod
    def build_delete(model: object) -> Built:
        """`DELETE FROM "post" WHERE id = %s`, of which only the key is needed. Raises ProgrammingError if it is None."""
        plan = _plan(type(model))
        text = Text(f"DELETE FROM {_table(plan.table)}")
        _by_key(text, plan, model, "delete")
        return text.done()

    @staticmethod
    def build_count(model_class: type, where: Mapping[str, Any] | None = None) -> Built:
        """`SELECT COUNT(*) as total FROM "post"`. `where` as for `build_select`."""
        plan = _plan(model_class)
        text = Text(f"SELECT COUNT(*) as total FROM {_table(plan.table)}")
        _where(text, plan.table, where)
        return text.done()

    @staticmethod
    def build_paginate(
        model_class: type,
        page: int,
        page_size: int,
        where: Mapping[str, Any] | None = None,
        order_by: str | Sequence[str] | None = None,
    ) -> Built:
        """`SELECT * FROM "post" ORDER BY id LIMIT %s OFFSET %s`. Arguments as for `build_select` and `paginate`."""
        must_count_pages("build_paginate", page, page_size)
        plan = _plan(model_class)
        text = Text(f"SELECT * FROM {_table(plan.table)}")
        _where(text, plan.table, where)
        _order(text, plan.table, order_by)
        return text.say(" LIMIT ").value("int", page_size).say(" OFFSET ").value("int", (page - 1) * page_size).done()

    @staticmethod
    def build_paginate_from_sql(
        query: str, page: int, page_size: int, params: Sequence[Any] | None = None
    ) -> tuple[str, list[Any]]:
        """A statement with `LIMIT %s OFFSET %s` behind it, and its parameters with these two: a new list. It has `%s` for placeholders."""
        must_count_pages("build_paginate_from_sql", page, page_size)
        text = str(query).rstrip().removesuffix(";")
        return f"{text} LIMIT %s OFFSET %s", [*(params or ()), page_size, (page - 1) * page_size]


class Text:
    """A statement as it is written: the pieces around its parameters, and these."""

    def __init__(self, beginning: str) -> None:
        self._parts = [beginning]
        self._kinds: list[str] = []
        self._values: list[Any] = []

    def say(self, text: str) -> Text:
        """Write something."""
        self._parts[-1] += text
        return self

    def value(self, kind: str, value: Any) -> Text:
        """Write a parameter."""
        self._parts.append("")
        self._kinds.append(kind)
        self._values.append(value)
        return self

    def list(self, columns: Sequence[Column], row: Sequence[Any], assigned: str | None = None) -> None:
        """Write values with commas between them, or assignments."""
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            self.say(", " if place else "")
            if assigned is not None:
                self.say(_name(column) + assigned)
            self.value(column.type.kind, value)

    def done(self) -> Built:
        """The statement and its parameters."""
        return SQLStatement(self._parts, self._kinds), self._values


def _plan(model: type) -> Plan[Any]:
    return plan_for(model, named("postgresql"))


def _name(column: Column) -> str:
    """A column, bare where no database minds."""
    ways = [named(dialect).quote(column.name) for dialect in ("postgresql", "sqlite")]
    return next((way for way in ways if way != column.name), column.name)


def _table(table: Table) -> str:
    names = [table.name] if table.schema is None else [table.schema, table.name]
    return ".".join([in_quotes(name) for name in names])


def _where(text: Text, table: Table, where: Mapping[str, Any] | None) -> None:
    for place, (key, value) in enumerate((where or {}).items()):
        column = _column(table, key)
        text.say(" AND " if place else " WHERE ")
        kind, name = column.type.kind, _name(column)
        if value is None:
            text.say(f"{name} IS NULL")
        elif isinstance(value, (list, tuple, set, frozenset)) and not holds_several(kind):
            _among(text, column, [encoded(column, one) for one in value])
        else:
            text.say(f"{name} = ").value(kind, encoded(column, value))


def _among(text: Text, column: Column, values: Sequence[Any]) -> None:
    """One of several values. None among them means the rows without a value, too, which IN would not find."""
    named = [one for one in values if one is not None]
    name, nulls = _name(column), len(named) < len(values)
    text.say(f"({name} IN (" if nulls else f"{name} IN (").say("" if named else "NULL")
    text.list([column] * len(named), named)
    text.say(f") OR {name} IS NULL)" if nulls else ")")


def _order(text: Text, table: Table, order_by: str | Sequence[str] | None) -> None:
    if order_by is None:
        return
    terms = [order_by] if isinstance(order_by, str) else order_by
    said = [_name(_column(table, term.removeprefix("-"))) + (" DESC" if term.startswith("-") else "") for term in terms]
    text.say(f" ORDER BY {', '.join(said)}")


def _by_key(text: Text, plan: Plan[Any], model: object, doing: str) -> None:
    key = plan.words.key(doing)
    for place, (column, value) in enumerate(zip(key.columns, key.of(model, doing), strict=True)):
        text.say(" AND " if place else " WHERE ").say(f"{_name(column)} = ").value(column.type.kind, value)


def _column(table: Table, key: str) -> Column:
    try:
        return table.column(key)
    except UnknownColumn:
        raise invalid(key, key, table) from None
