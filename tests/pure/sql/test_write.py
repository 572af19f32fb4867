import pytest

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.sql import Delete, Insert, Select, Update, compile, excluded, func, literal
from ferrow.sql.dialect import ALL, SQLITE
from ferrow.types import Integer
from tests.pure.sql.columns import age, author, name, one, posts, price, t, title
from tests.support.sql import NOT_SUPPORTED, assert_sql, both


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


def test_several_rows() -> None:
    assert_sql(
        Insert.of_rows(t, [one, age], [(1, 2), (3, 4)], returning=[one + 5]),
        values=[1, 2, 3, 4, 5],
        **both("INSERT INTO t (one, age) VALUES ($1, $2), ($3, $4) RETURNING one + $5"),
    )
    for columns, rows in (([], [()]), ([one], []), ([one], [(1, 2)])):
        with pytest.raises(ValueError, match="insert into 't'"):
            Insert.of_rows(t, columns, rows)


def test_rows_of_a_query() -> None:
    old = Select([one], t).where(age > 60).cte("old")
    assert_sql(
        Insert.from_query(t, [one], Select([old.c.one], old).limit(1), returning=[one + 1]),
        values=[1, 60, 1],
        **both(
            "WITH old AS (SELECT t.one FROM t WHERE t.age > $2) INSERT INTO t (one) SELECT old.one FROM old LIMIT $1 "
            "RETURNING t.one + $3"
        ),
    )
    assert_sql(
        Insert.from_query(t, [one], Select([author], posts)).on_conflict_do_nothing(),
        postgresql="INSERT INTO t (one) SELECT posts.author FROM posts ON CONFLICT DO NOTHING",
        sqlite="INSERT INTO t (one) SELECT * FROM (SELECT posts.author FROM posts) WHERE TRUE ON CONFLICT DO NOTHING",
    )
    with pytest.raises(ValueError, match="a query of 1 columns for 2 columns"):
        Insert.from_query(t, [one, age], Select([author], posts))


def test_conflicts() -> None:
    insert = Insert(t, [one, age], (1, 2), returning=[(age + 9).label("next")])
    assert_sql(
        insert.on_conflict_do_update([one, name], [age, (price, price + 3)], where=age < 4),
        values=[1, 2, 3, 4, 9],
        postgresql=(
            "INSERT INTO t (one, age) VALUES ($1, $2) ON CONFLICT (one, name) DO UPDATE SET age = excluded.age, "
            "price = t.price + $3 WHERE t.age < $4 RETURNING t.age + $5 AS next"
        ),
        sqlite=(
            "INSERT INTO t (one, age) VALUES (?1, ?2) ON CONFLICT (one, name) DO UPDATE SET age = excluded.age, "
            "price = decimal_add(t.price, ?3) WHERE t.age < ?4 RETURNING t.age + ?5 AS next"
        ),
    )
    assert_sql(
        Insert(t, [one], (1,)).on_conflict_do_nothing(one),
        values=[1],
        **both("INSERT INTO t (one) VALUES ($1) ON CONFLICT (one) DO NOTHING"),
    )
    assert_sql(
        Insert(t, [one], (1,)).on_conflict_do_update(one, [(age, age + excluded(age))], excluded(age) > 5),
        values=[1, 5],
        **both(
            "INSERT INTO t (one) VALUES ($1) ON CONFLICT (one) DO UPDATE SET age = t.age + excluded.age WHERE excluded.age > $2"
        ),
    )


def test_conflicts_by_an_index_of_some_rows() -> None:
    insert = Insert(t, [one], (1,))
    assert_sql(
        insert.on_conflict_do_nothing(one, index_sql="age > 5"),
        values=[1],
        postgresql="INSERT INTO t (one) VALUES ($1) ON CONFLICT (one) WHERE age > 5 DO NOTHING",
        sqlite="INSERT INTO t (one) VALUES (?1) ON CONFLICT (one) WHERE age > 5 DO NOTHING",
    )
    each = {"postgresql": "age > 5", "sqlite": "age > 6", "mysql": "age > 7"}
    assert_sql(
        insert.on_conflict_do_update(one, [age], age < 3, index_sql=each),
        values=[1, 3],
        postgresql="INSERT INTO t (one) VALUES ($1) ON CONFLICT (one) WHERE age > 5 DO UPDATE SET age = excluded.age WHERE t.age < $2",
        sqlite="INSERT INTO t (one) VALUES (?1) ON CONFLICT (one) WHERE age > 6 DO UPDATE SET age = excluded.age WHERE t.age < ?2",
    )
    with pytest.raises(ProgrammingError, match="no entry for 'sqlite'"):
        compile(insert.on_conflict_do_nothing(one, index_sql={"postgresql": "age > 5"}), SQLITE)
    with pytest.raises(NotSupportedError, match="unique indexes of some rows only"):
        compile(insert.on_conflict_do_nothing(one, index_sql="age > 5"), ALL["mysql"])


def test_conflicts_of_the_batch_form() -> None:
    batch = Insert(t, [one, age]).on_conflict_do_update(one, [(age, age + 5)])
    assert batch.tail == (5,)
    assert batch.row((1, 2)).values == (1, 2, 5)
    assert compile(batch, ALL["sqlite"]) is compile(batch.row((1, 2)), ALL["sqlite"])


def test_conflict_mistakes() -> None:
    insert = Insert(t, [one], (1,))
    with pytest.raises(ProgrammingError, match="sets no column"):
        insert.on_conflict_do_update(one, [])
    with pytest.raises(ProgrammingError, match="needs the columns by which"):
        insert.on_conflict_do_update([], [age])
    with pytest.raises(TypeError, match="expected a condition"):
        insert.on_conflict_do_update(one, [age], True)  # type: ignore[arg-type]
    with pytest.raises(ProgrammingError, match="says already"):
        insert.on_conflict_do_nothing().on_conflict_do_nothing()
    for wrong in (
        Insert(t, [one], (1,), returning=[excluded(age)]),
        Insert(t, [one], (age,)).on_conflict_do_update(one, [(age, author)]),
        insert.on_conflict_do_update(one, [(age, excluded(author))]),
        Update(t, [(age, excluded(age))]),
    ):
        with pytest.raises(ProgrammingError, match=r"the column '\w+' belongs to '\w+'"):
            compile(wrong, ALL["sqlite"])


def test_update_from() -> None:
    old = Select([author, title], posts).where(author > 7).cte("old")
    x = t.as_("x")
    assert_sql(
        Update(t, [(name, old.c.title), (age, 1)], (old.c.author == one) & (age > 2), [one], from_=[old, x]),
        values=[1, 2, 7],
        **both(
            "WITH old AS (SELECT posts.author, posts.title FROM posts WHERE posts.author > $3) UPDATE t SET name = old.title, "
            "age = $1 FROM old, t AS x WHERE old.author = t.one AND t.age > $2 RETURNING t.one"
        ),
    )
    with pytest.raises(ProgrammingError, match="two sources of one query are called 't'"):
        compile(Update(t, [(age, 1)], from_=[t]), ALL["sqlite"])


def test_delete_using() -> None:
    sub = Select([author], posts).where(author > 7).subquery("s")
    assert_sql(
        Delete(t, (sub.c.author == one) & (age > 2), [one], using=[sub]),
        values=[7, 2],
        postgresql=(
            "DELETE FROM t USING (SELECT posts.author FROM posts WHERE posts.author > $1) AS s WHERE s.author = t.one AND "
            "t.age > $2 RETURNING t.one"
        ),
        sqlite=(
            "DELETE FROM t WHERE EXISTS (SELECT 1 FROM (SELECT posts.author FROM posts WHERE posts.author > ?1) AS s "
            "WHERE s.author = t.one AND t.age > ?2) RETURNING t.one"
        ),
    )
    assert_sql(
        Delete(t, returning=[author], using=[posts]),
        postgresql="DELETE FROM t USING posts RETURNING posts.author",
        sqlite=NOT_SUPPORTED,
    )


def test_types_of_what_comes_back() -> None:
    for dialect in ALL.values():
        compiled = compile(Delete(t, age < 18, returning=[one]), dialect)
        assert (compiled.result, compiled.names) == ((Integer(),), ("one",))
        assert compile(Delete(t), dialect).result == ()
