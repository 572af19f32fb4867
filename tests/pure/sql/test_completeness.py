"""Every form there is compiles in every dialect, or says that it is not supported."""

import pytest

from ferrow.errors import NotSupportedError
from ferrow.sql import (
    ColumnRef,
    Delete,
    Insert,
    Select,
    Statement,
    Update,
    any_,
    case,
    cast,
    compile,
    exists,
    func,
    true,
)
from ferrow.sql.dialect import ALL, SQLITE, Dialect
from ferrow.sql.shape import Form
from ferrow.types import Double, Integer
from tests.pure.sql import columns as all_columns
from tests.pure.sql.columns import active, age, author, name, one, posts, price, seen, t, tags, weight
from tests.support.sqlite_functions import connect

LABEL = (age + 1).label("next")

EXAMPLES: dict[str, Statement] = {
    "add": Select([one + age], t),
    "aggregate": Select([func.sum(price)], t),
    "and": Select([one], t, where=(one == 1) & (age == 2)),
    "between": Select([one], t, where=age.between(1, 2)),
    "call": Select([func.lower(name)], t),
    "case": Select([case((age > 1, 1), else_=2)], t),
    "cast": Select([one], t, where=cast(age, Double()) > 1.5),
    "compare": Select([one], t, where=age > 1),
    "concat": Select([name + name], t),
    "constant": Delete(t, true()),
    "date part": Select([func.extract("year", seen)], t),
    "delete": Delete(t, returning=[one]),
    "distinct from": Select([one], t, where=age.is_distinct_from(1)),
    "divide": Select([weight / 2], t),
    "exists": Select([one], t, where=exists(Select([author], posts))),
    "extreme": Select([func.greatest(one, age)], t),
    "frame": Select([func.sum(one).over(rows=(-1, 0))], t),
    "in list": Select([one], t, where=one.in_([1])),
    "in query": Select([one], t, where=one.in_(Select([author], posts))),
    "insert": Insert(t, [one], returning=[one]),
    "is null": Select([one], t, where=age.is_null()),
    "is truth": Select([one], t, where=active.is_(True)),
    "join": Select([one], t).join(posts, author == one),
    "label": Select([LABEL], t),
    "label reference": Select([LABEL], t).order_by(LABEL),
    "like": Select([one], t, where=name.like("x")),
    "list compare": Select([one], t, where=tags.overlaps(["a"])),
    "list item": Select([tags[0]], t),
    "list length": Select([tags.length()], t),
    "matches": Select([one], t, where=name.matches("x")),
    "multiply": Select([one * age], t),
    "named aggregate": Select([func.call("max", one, type=Integer(), aggregate=True)], t),
    "named call": Select([func.call("abs", one, type=Integer())], t),
    "not": Select([one], t, where=~(one == 1)),
    "or": Select([one], t, where=(one == 1) | (age == 2)),
    "order": Select([one], t).order_by(one),
    "ordinal": Select([LABEL], t).group_by(LABEL),
    "over": Select([func.sum(one).over(partition_by=age)], t),
    "quantified": Select([one], t, where=one < any_([1])),
    "quantified query": Select([one], t, where=one < any_(Select([author], posts))),
    "ranking": Select([func.rank().over(order_by=age)], t),
    "select": Select([one], t),
    "update": Update(t, [(age, 1)], returning=[one]),
}

NOT_SUPPORTED: set[tuple[str, str]] = set()
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
    # Lists of columns are one leaf; the label example shows its form through them.
    assert name in forms(shape) or name in {"label"} or name in forms(shape[1].shapes)
    if (name, dialect.name) in NOT_SUPPORTED:
        with pytest.raises(NotSupportedError):
            compile(EXAMPLES[name], dialect)
    else:
        assert compile(EXAMPLES[name], dialect).sql


def test_every_clause_a_dialect_orders_is_known() -> None:
    from ferrow.sql.form import delete, insert, select, update

    for dialect in ALL.values():
        for order, clauses in (
            (dialect.select_clauses, select.CLAUSES),
            (dialect.insert_clauses, insert.CLAUSES),
            (dialect.update_clauses, update.CLAUSES),
            (dialect.delete_clauses, delete.CLAUSES),
        ):
            assert sorted(order) == sorted(clauses)


@pytest.mark.parametrize("name", EXAMPLES)
def test_sqlite_understands_every_form(name: str) -> None:
    connection = connect()
    for table in (t, posts):
        columns = [
            column for column in vars(all_columns).values() if isinstance(column, ColumnRef) and column.table == table
        ]
        declared = ", ".join(f"{column.name} {column.type.name('sqlite')}" for column in columns)
        connection.execute(f"CREATE TABLE {table.name} ({declared})")
    compiled = compile(EXAMPLES[name], SQLITE)
    connection.execute(f"EXPLAIN {compiled.sql}", [None] * len(compiled.parameters))
    connection.close()
