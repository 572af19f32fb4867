from collections.abc import Iterator

import pytest

from ferrow.sql import ColumnRef, Select, TableRef, compile, compiler
from ferrow.sql.dialect import ALL, Dialect
from ferrow.types import Integer
from tests.pure.sql.columns import age, name, one, t


@pytest.fixture(params=ALL.values(), ids=str)
def dialect(request: pytest.FixtureRequest) -> Iterator[Dialect]:
    dialect: Dialect = request.param
    before = dialect.cache
    dialect.cache = {}
    yield dialect
    dialect.cache = before


def test_one_shape_is_compiled_once(dialect: Dialect) -> None:
    first = compile(Select([one], t).where(age >= 18, name.in_(["a"])).limit(5), dialect)
    second = compile(Select([one], t).where(age >= 99, name.in_(["b", "c"])).limit(6), dialect)
    assert second is first
    assert len(dialect.cache) == 1


def test_the_same_table_declared_twice_is_the_same_shape(dialect: Dialect) -> None:
    again = TableRef("t")
    column: ColumnRef[int] = ColumnRef(again, "one", Integer())
    assert compile(Select([column], again), dialect) is compile(Select([one], t), dialect)


def test_different_shapes_are_different_entries(dialect: Dialect) -> None:
    x, s = t.as_("x"), TableRef("t", "s")
    texts = {
        compile(query, dialect).sql
        for query in (
            Select([one], t),
            Select([one], t, distinct=True),
            Select([one], t, limit=1),
            Select([one], t, offset=1),
            Select([one.of(x)], x),
            Select([one.of(s)], s),
            Select([one], t, where=age == 1),
            Select([one], t, where=age == None),  # noqa: E711
            Select([one], t, where=age != None),  # noqa: E711
            Select([one], t, having=age == 1),
            Select([one], t, order_by=[age]),
            Select([one], t, order_by=[age.desc()]),
            Select([one], t, order_by=[age.desc().nulls_first()]),
        )
    }
    assert len(texts) == len(dialect.cache) == 13


def test_the_cache_is_bounded_and_forgets_the_oldest(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "CACHE_SIZE", 10)
    queries = [Select([ColumnRef[int](t, f"c{i}", Integer())], t) for i in range(25)]
    for query in queries:
        compile(query, dialect)
        assert len(dialect.cache) <= 10
    assert queries[-1].shape in dialect.cache
    assert queries[0].shape not in dialect.cache


def test_compiling_again_gives_the_same_text(dialect: Dialect) -> None:
    query = Select([one], t).where((age > 1) | ~(name == "x")).order_by(one)
    text = compile(query, dialect).sql
    dialect.cache = {}
    assert compile(query, dialect).sql == text
