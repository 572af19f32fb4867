import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

from ferrow import sql
from ferrow.sql import (
    Delete,
    Derived,
    Explain,
    Insert,
    Join,
    Node,
    Query,
    Select,
    Source,
    Statement,
    TableRef,
    Update,
    Values,
    any_,
    excluded,
    func,
    or_,
)
from ferrow.sql.adding import Adding
from ferrow.sql.calculating import Calculating
from ferrow.sql.documents import Documents
from ferrow.sql.listed import Listed
from ferrow.sql.textual import Textual
from ferrow.sql.typed import Typed
from ferrow.sql.unnest import Unnest
from ferrow.sql.window import Windowed
from ferrow.types import Integer
from tests.pure.sql.columns import age, author, meta, name, one, posts, t

NODES: list[Node] = [
    t,
    age,
    age == 1,
    age + 1,
    age.desc(),
    age.label("x"),
    func.count(),
    func.rank(),
    any_([1]),
    Join(posts, author == one),
    Select([one], t),
    Insert(t, [one]),
    Update(t, [(age, 1)]),
    Delete(t),
    Select([one], t).union(Select([author], posts)),
    Select([one], t).subquery("s"),
    Select([one], t).cte("c"),
    Values("v", {"id": Integer()}, [(1,)]),
    Unnest("v", {"id": Integer()}, [[1]]),
    excluded(one).table,
    Explain(Select([one], t)),
    meta["a"],
]


def every_node_class() -> set[type[Node]]:
    found, todo = set(), [Node]
    while todo:
        below = [cls for cls in todo.pop().__subclasses__() if cls.__module__.startswith("ferrow.sql.")]
        found.update(below)
        todo += below
    return found


def test_every_node_class_is_here() -> None:
    classes = {type(node) for node in NODES}
    bases = {Statement, Query, Source, Derived, Typed, Textual, Documents, Adding, Calculating, Listed, Windowed}
    assert every_node_class() - classes == bases


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_nodes_do_not_change(node: Any) -> None:
    for attribute in ("shape", "values", "something"):
        with pytest.raises(AttributeError):
            setattr(node, attribute, 1)
        with pytest.raises(AttributeError):
            delattr(node, attribute)
    assert not hasattr(node, "__dict__")


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_nodes_are_their_own_copies(node: Any) -> None:
    assert copy.copy(node) is node
    assert copy.deepcopy(node) is node
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(node)


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_nodes_are_hashable_and_so_are_their_shapes(node: Any) -> None:
    assert hash(node) is not None
    assert hash(node.shape) is not None


def test_repr_is_the_sql_without_values() -> None:
    assert repr(name == "secret") == "<Condition name = $1>"
    assert repr(Select([one], t).where(age > 1)) == "<Select SELECT one FROM t WHERE age > $1>"
    assert repr(t.as_("x")) == "<TableRef t AS x>"
    assert repr(age.desc()) == "<Ordering age DESC>"


def test_repr_of_an_expression_is_short_and_never_fails() -> None:
    assert repr(func.sum(age).over(order_by=one)) == "<Expr CAST(sum(age) OVER (ORDER BY one) AS bigint)>"
    assert repr(func.rank()) == "<WindowFunction rank()>"
    assert repr(func.count().filter(age > 1)) == "<Aggregate count(*) FILTER (WHERE age > $1)>"
    assert repr(any_([1, 2])) == "any_([1, 2])"
    long = repr(or_(*[age == number for number in range(100)]))
    assert long.startswith("<Condition age = $1 OR ")
    assert long.endswith("...>")
    assert len(long) < 150
    assert (
        len(repr(Select([one], t).where(or_(*[age == number for number in range(100)])))) > 1000
    )  # a statement is whole
    assert "has 64 bytes" in repr(func.call("f" * 64, type=Integer()))


def test_shapes_hold_no_values() -> None:
    assert (age == 1).shape == (age == 2).shape
    assert (age == 1).shape != (age != 1).shape
    assert (age == 1).shape != (one == 1).shape
    assert (age.in_([1])).shape == (age.in_([1, 2, 3])).shape
    assert (age == 1).shape != (age == one).shape


def test_tables_are_equal_by_name() -> None:
    assert TableRef("t") == t
    assert hash(TableRef("t")) == hash(t)
    assert TableRef("t", "s") != t
    assert t.as_("x") != t
    assert t != "t"


def test_sql_needs_no_wire() -> None:
    code = "import sys, ferrow.sql; print([m for m in ('asyncio', 'socket', 'ferrow.wire', 'ferrow._core') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert out.stdout.strip() == "[]"


def test_every_public_name_is_there_and_explained() -> None:
    for public in sql.__all__:
        assert getattr(sql, public).__doc__, public
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sql.nothing  # type: ignore[attr-defined]
