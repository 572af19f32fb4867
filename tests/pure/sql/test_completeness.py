"""Every form there is compiles in every dialect, or says that it is not supported."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ferrow.errors import NotSupportedError
from ferrow.sql import (
    ColumnRef,
    Delete,
    Explain,
    Insert,
    Select,
    Statement,
    Update,
    Values,
    any_,
    case,
    cast,
    compile,
    exists,
    func,
    true,
)
from ferrow.sql.dialect import ALL, SQLITE, Dialect
from ferrow.sql.expr import condition
from ferrow.sql.form.conflict import as_is
from ferrow.sql.form.logic import IS_NOT_TRUE
from ferrow.sql.shape import Form
from ferrow.sql.unnest import Unnest
from ferrow.types import Double, Integer
from tests.pure.sql import columns as all_columns
from tests.pure.sql.columns import active, age, author, meta, name, one, posts, price, seen, t, tags, weight
from tests.support.sqlite_functions import connect, numbered

LABEL = (age + 1).label("next")
OLD = Select([one], t, where=age > 60)
ROWS = Values("v", {"id": Integer()}, [(1,), (2,)])
LISTS = Unnest("v", {"id": Integer()}, [[1, 2]])

EXAMPLES: dict[str, Statement] = {
    "add": Select([one + age], t),
    "aggregate": Select([func.sum(price)], t),
    "and": Select([one], t, where=(one == 1) & (age == 2)),
    "between": Select([one], t, where=age.between(1, 2)),
    "call": Select([func.lower(name)], t),
    "case": Select([case((age > 1, 1), else_=2)], t),
    "cast": Select([one], t, where=cast(age, Double()) > 1.5),
    "compare": Select([one], t, where=age > 1),
    "compound": OLD.union(Select([author], posts)),
    "concat": Select([name + name], t),
    "constant": Delete(t, true()),
    "cte": Select([one], t).join(OLD.cte("old"), true()),
    "date part": Select([func.extract("year", seen)], t),
    "delete": Delete(t, returning=[one]),
    "distinct from": Select([one], t, where=age.is_distinct_from(1)),
    "divide": Select([weight / 2], t),
    "exists": Select([one], t, where=exists(Select([author], posts))),
    "explain": Explain(OLD),
    "extreme": Select([func.greatest(one, age)], t),
    "frame": Select([func.sum(one).over(rows=(-1, 0))], t),
    "in list": Select([one], t, where=one.in_([1])),
    "in query": Select([one], t, where=one.in_(Select([author], posts))),
    "insert": Insert(t, [one], returning=[one]),
    "is not true": Select([one], t, where=condition((IS_NOT_TRUE, (age == 1).shape), (1,))),
    "is null": Select([one], t, where=age.is_null()),
    "is truth": Select([one], t, where=active.is_(True)),
    "join": Select([one], t).join(posts, author == one),
    "json as": Select([one], t, where=meta["a"] < 1),
    "json contains": Select([one], t, where=meta.json_contains({"a": 1})),
    "json has": Select([one], t, where=meta.has_key("a")),
    "json holds": Select([one], t, where=meta["a"].contains("x")),
    "json null": Select([one], t, where=meta.json_contains(None)),
    "json number": Select([one], t, where=meta["a"] == Decimal(1)),
    "json order": Select([one], t).order_by(meta["a"]),
    "json path": Select([one], t, where=meta["a"][0] == "x"),
    "label reference": Select([LABEL], t).order_by(LABEL),
    "label": Select([LABEL], t),
    "like": Select([one], t, where=name.like("x")),
    "lock": Select([one], t).for_update(),
    "list compare": Select([one], t, where=tags.overlaps(["a"])),
    "list item": Select([tags[0]], t),
    "list length": Select([tags.length()], t),
    "matches": Select([one], t, where=name.matches("x")),
    "moved": Select([seen + timedelta(days=1)], t),
    "multiply": Select([one * age], t),
    "named aggregate": Select([func.call("max", one, type=Integer(), aggregate=True)], t),
    "named call": Select([func.call("abs", one, type=Integer())], t),
    "not": Select([one], t, where=~(one == 1)),
    "on conflict": Insert(t, [one, age], (1, 2)).on_conflict_do_update(one, [age]),
    "apart": Select([seen - seen], t),
    "as it is": Select([one], t, condition(as_is("age > 5"), ())),
    "or": Select([one], t, where=(one == 1) | (age == 2)),
    "order": Select([one], t).order_by(one),
    "ordinal": Select([LABEL], t).group_by(LABEL),
    "rows": Insert.of_rows(t, [one], [(1,), (2,)]),
    "scalar": Select([Select([func.count()], posts).scalar()], t),
    "over": Select([func.sum(one).over(partition_by=age)], t),
    "quantified": Select([one], t, where=one < any_([1])),
    "quantified query": Select([one], t, where=one < any_(Select([author], posts))),
    "ranking": Select([func.rank().over(order_by=age)], t),
    "select": Select([one], t),
    "subquery": Select([one], t).join(OLD.subquery("old"), true()),
    "unnest": Select([LISTS.column("id")], LISTS),
    "update": Update(t, [(age, 1)], returning=[one]),
    "values": Select([ROWS.c.id], ROWS),
    "with": Select([one], t).join(OLD.cte("old"), true()),
}

NOT_SUPPORTED: set[tuple[str, str]] = {
    ("unnest", "sqlite"),
    ("unnest", "mysql"),
    ("update", "mysql"),
}  # the last has RETURNING
"""(form, dialect) that a dialect refuses altogether."""


def forms(shape: object) -> set[str]:
    if isinstance(shape, Form):
        return {shape.name}
    return set().union(*map(forms, shape)) if isinstance(shape, tuple) else set()


def test_every_form_has_an_example() -> None:
    assert EXAMPLES.keys() == Form.known.keys()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("dialect", ALL.values(), ids=str)
def test_every_form_compiles(name: str, dialect: Dialect) -> None:
    shape = EXAMPLES[name].shape
    # A list of columns without parameters is one leaf.
    assert name in forms(shape) or name in forms(shape[1].shapes)
    if (name, dialect.name) in NOT_SUPPORTED:
        with pytest.raises(NotSupportedError):
            compile(EXAMPLES[name], dialect)
    else:
        assert compile(EXAMPLES[name], dialect).sql


def test_every_clause_a_dialect_orders_is_known() -> None:
    from ferrow.sql.form import compound, delete, insert, select, update

    for dialect in ALL.values():
        for order, clauses in (
            (dialect.select_clauses, select.CLAUSES),
            (dialect.compound_clauses, compound.CLAUSES),
            (dialect.insert_clauses, insert.CLAUSES),
            (dialect.update_clauses, update.CLAUSES),
            (dialect.delete_clauses, delete.CLAUSES),
        ):
            assert sorted(order) == sorted(clauses)


@numbered
@pytest.mark.parametrize("name", [name for name in EXAMPLES if (name, "sqlite") not in NOT_SUPPORTED])
def test_sqlite_understands_every_form(name: str) -> None:
    connection = connect()
    for table in (t, posts):
        columns = [
            column for column in vars(all_columns).values() if isinstance(column, ColumnRef) and column.table == table
        ]
        declared = ", ".join(f"{column.name} {column.type.name('sqlite')}" for column in columns)
        connection.execute(f"CREATE TABLE {table.name} ({declared}{', UNIQUE (one)' if table is t else ''})")
    compiled = compile(EXAMPLES[name], SQLITE)
    explain = "" if compiled.sql.startswith("EXPLAIN") else "EXPLAIN "
    connection.execute(f"{explain}{compiled.sql}", [None] * len(compiled.parameters))
    connection.close()
