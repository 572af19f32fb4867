import pytest

from ferrow.sql import Delete, Insert, Select, Update, compile, func, literal
from ferrow.sql.dialect import ALL
from ferrow.types import Integer
from tests.pure.sql.columns import age, author, name, one, posts, price, t
from tests.pure.sql.test_select import both
from tests.support.sql import assert_sql


def test_insert() -> None:
    assert_sql(Insert(t, [one, name], (1, "x")), values=[1, "x"], **both("INSERT INTO t (one, name) VALUES ($1, $2)"))
    assert_sql(
        Insert(t, [one, name], (1, None), returning=[one, (age + one).label("sum")]),
        values=[1, None],
        **both("INSERT INTO t (one, name) VALUES ($1, $2) RETURNING t.one, t.age + t.one AS sum"),
    )


def test_insert_of_defaults() -> None:
    assert_sql(Insert(t, [], (), returning=[one]), **both("INSERT INTO t DEFAULT VALUES RETURNING one"))
    assert_sql(Insert(t, []), **both("INSERT INTO t DEFAULT VALUES"))


def test_insert_of_expressions() -> None:
    assert_sql(
        Insert(t, [one, name], (literal(1) + 2, "x")),
        values=[1, 2, "x"],
        postgresql="INSERT INTO t (one, name) VALUES (CAST($1 AS bigint) + $2, $3)",
        sqlite="INSERT INTO t (one, name) VALUES (CAST(?1 AS INTEGER) + ?2, ?3)",
    )


def test_the_batch_form_and_single_rows_share_a_statement() -> None:
    batch = Insert(t, [one, name], returning=[one])
    assert_sql_of_batch = "INSERT INTO t (one, name) VALUES ({0}1, {0}2) RETURNING one"
    for mark, dialect in (("$", ALL["postgresql"]), ("?", ALL["sqlite"])):
        compiled = compile(batch, dialect)
        assert compiled.sql == assert_sql_of_batch.format(mark)
        assert compiled.kinds.names == ("int", "text")
        assert compile(batch.row((1, "x")), dialect) is compiled
        assert compile(Insert(t, [one, name], (1, "x"), returning=[one]), dialect) is compiled
    assert batch.values == ()
    assert batch.row((1, "x")).values == (1, "x")


def test_insert_mistakes() -> None:
    with pytest.raises(ValueError, match="1 values for 2 columns"):
        Insert(t, [one, name], (1,))
    with pytest.raises(ValueError, match="parameters of their own"):
        Insert(t, [one], returning=[age + 1])


def test_update() -> None:
    assert_sql(
        Update(t, [(name, "x"), (age, age + 1)], one == 7, returning=[name]),
        values=["x", 1, 7],
        **both("UPDATE t SET name = $1, age = age + $2 WHERE one = $3 RETURNING name"),
    )
    assert_sql(Update(t, [(age, None)]), values=[None], **both("UPDATE t SET age = $1"))
    assert_sql(
        Update(t, [(price, price * 2)]),
        values=[2],
        postgresql="UPDATE t SET price = price * $1",
        sqlite="UPDATE t SET price = decimal_mul(price, ?1)",
    )
    with pytest.raises(ValueError, match="sets no column"):
        Update(t, [])
    with pytest.raises(TypeError, match="expected a condition"):
        Update(t, [(age, 1)], True)  # type: ignore[arg-type]


def test_update_again_with_other_values() -> None:
    update = Update(t, [(name, "x")], one == 7)
    again = update.row(("y", 8))
    assert again.shape is update.shape
    assert again.values == ("y", 8)
    with pytest.raises(ValueError, match="2 parameters, got 1"):
        update.row(("y",))


def test_the_column_being_set_is_never_qualified() -> None:
    assert_sql(
        Update(t, [(age, 1)], one.in_(Select([author], posts))),
        values=[1],
        **both("UPDATE t SET age = $1 WHERE t.one IN (SELECT posts.author FROM posts)"),
    )


def test_delete() -> None:
    assert_sql(
        Delete(t, age < 18, returning=[one, func.count().label("n")][:1]),
        values=[18],
        **both("DELETE FROM t WHERE age < $1 RETURNING one"),
    )
    assert_sql(Delete(t), **both("DELETE FROM t"))


def test_types_of_what_comes_back() -> None:
    for dialect in ALL.values():
        compiled = compile(Delete(t, age < 18, returning=[one]), dialect)
        assert (compiled.result, compiled.names) == ((Integer(),), ("one",))
        assert compile(Delete(t), dialect).result == ()
