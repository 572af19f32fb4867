"""Placeholders of PEP 249 become those of the database; everything else in a statement stays what it is."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ferrow.driver.placeholders import translated
from ferrow.errors import ProgrammingError

POSTGRESQL, SQLITE, MYSQL = "postgresql", "sqlite", "mysql"
VALUES: tuple[Any, ...] = (1,)
NAMES = {"a": 1}


def sent(dialect: str, sql: str, params: Any) -> tuple[str, Any]:
    statement = translated(dialect, sql, params)
    return statement.sql, statement.values(params)


@pytest.mark.parametrize(
    ("dialect", "sql", "params", "text", "values"),
    [
        (POSTGRESQL, "SELECT :2, :1", (1, 2), "SELECT $2, $1", (1, 2)),
        (SQLITE, "SELECT :2, :1", (1, 2), "SELECT ?2, ?1", (1, 2)),
        (MYSQL, r"SELECT 'it\'s :a', :a # :b", NAMES, r"SELECT 'it\'s :a', ?1 # :b", (1,)),
        (MYSQL, "SELECT @a := :a", NAMES, "SELECT @a := ?1", (1,)),
        (MYSQL, "SELECT 5--%s", VALUES, "SELECT 5--?1", VALUES),
        (POSTGRESQL, "SELECT %s, %s", [1, 2], "SELECT $1, $2", [1, 2]),
        (SQLITE, "SELECT %s, %s", [1, 2], "SELECT ?1, ?2", [1, 2]),
        (POSTGRESQL, "SELECT :b, :a, :b", {"a": 1, "b": 2}, "SELECT $1, $2, $1", (2, 1)),
        (SQLITE, "SELECT :b, :a, :b", {"a": 1, "b": 2}, "SELECT :b, :a, :b", {"a": 1, "b": 2}),
        (SQLITE, "SELECT %(b)s, %(a)s, '5%%'", {"a": 1, "b": 2}, "SELECT :b, :a, '5%'", {"a": 1, "b": 2}),
        (SQLITE, "SELECT %(b)sOR 1, %(first name)s", {"first name": 1, "b": 2}, "SELECT ?1 OR 1, ?2", (2, 1)),
        (POSTGRESQL, "SELECT %(b)s, %(a)s", {"a": 1, "b": 2}, "SELECT $1, $2", (2, 1)),
        (POSTGRESQL, "SELECT %(first name)s", {"first name": 1}, "SELECT $1", (1,)),
        (POSTGRESQL, "SELECT $1, $2", (1, 2), "SELECT $1, $2", (1, 2)),
        (SQLITE, "SELECT ?, ?", (1, 2), "SELECT ?, ?", (1, 2)),
        (SQLITE, "SELECT ?2, ?1", (1, 2), "SELECT ?2, ?1", (1, 2)),
        (SQLITE, "SELECT @a, $a", NAMES, "SELECT @a, $a", NAMES),
        (POSTGRESQL, "SELECT 10 %% %s, '5%%'", VALUES, "SELECT 10 % $1, '5%'", VALUES),
        (POSTGRESQL, "SELECT 10 %% 3, $1, '5%%'", VALUES, "SELECT 10 %% 3, $1, '5%%'", VALUES),
        (POSTGRESQL, "SELECT x %% 'a' || %(a)s", NAMES, "SELECT x % 'a' || $1", (1,)),
        (POSTGRESQL, "SELECT 1 LIMIT%s", VALUES, "SELECT 1 LIMIT $1", VALUES),
        (POSTGRESQL, "SELECT 1 WHERE %(a)sOR true", NAMES, "SELECT 1 WHERE $1 OR true", (1,)),
        (POSTGRESQL, "SELECT :a::int, (:a)::text", NAMES, "SELECT $1::int, ($1)::text", (1,)),
        (POSTGRESQL, "SELECT x[1:2], x[:n], x[i:j], x[(:a):], f(x)[1:2]", NAMES, "SELECT x[1:2], x[:n], x[i:j], x[($1):], f(x)[1:2]", (1,)),
        (POSTGRESQL, "SELECT ARRAY[:a, :a], ARRAY[[:a], [:a]]", NAMES, "SELECT ARRAY[$1, $1], ARRAY[[$1], [$1]]", (1,)),
        (POSTGRESQL, "SELECT (ARRAY[:1, 2])[1:1]", VALUES, "SELECT (ARRAY[$1, 2])[1:1]", VALUES),
        (POSTGRESQL, "SELECT json_object('k':1, 'l': :1)", VALUES, "SELECT json_object('k':1, 'l': $1)", VALUES),
        (POSTGRESQL, "SELECT j ? 'a', j ?| k, j ?& k, j @? p, $1", VALUES, "SELECT j ? 'a', j ?| k, j ?& k, j @? p, $1", VALUES),
        (POSTGRESQL, "SELECT a % b, a <% b, a %> b, :1", VALUES, "SELECT a % b, a <% b, a %> b, $1", VALUES),
        (POSTGRESQL, "SELECT a %sum, $1", VALUES, "SELECT a %sum, $1", VALUES),
        (POSTGRESQL, "CALL f(x := :a)", NAMES, "CALL f(x := $1)", (1,)),
        (POSTGRESQL, "SELECT a$1, :1", VALUES, "SELECT a$1, $1", VALUES),
    ],
)  # fmt: skip
def test_translation(dialect: str, sql: str, params: Any, text: str, values: Any) -> None:
    assert sent(dialect, sql, params) == (text, values)


@pytest.mark.parametrize("sql", ["SELECT '%s' %% :1, $1, ?, %(a)s", ":1", "x[:1"])
@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE])
def test_without_parameters_the_text_goes_as_it_is(dialect: str, sql: str) -> None:
    assert sent(dialect, sql, None) == (sql, None)


OPAQUE = {
    POSTGRESQL: [
        "'{}'", "'it''s {}'", "'back\\' || '{}'", "E'it\\'s {}'", "e'\\\\{}'", "E'a'\n 'it\\'s {}'", "U&'{}'", "B'{}'", '"{}"', '"a""{}"', "$${}$$", "$tag$ $$ {} $tag$", "$ä${}$ä$",
        "/* {} */", "/* a /* b */ {} */", "-- {}\n", "-- {}\r", "E'a' -- x\n 'it\\'s {}'", "E'a'\r'it\\'s {}'", "/* unclosed {}", "'unclosed {}", "$a$ $b$ {}",
    ],
    SQLITE: ["'{}'", "'it''s {}'", "'back\\' || '{}'", '"{}"', "[{}]", "`{}`", "`a``{}`", "/* {} */", "/* a /* {} */", "-- {}\n", "[unclosed {}"],
}  # fmt: skip


@pytest.mark.parametrize(("dialect", "frame"), [(dialect, frame) for dialect in OPAQUE for frame in OPAQUE[dialect]])
@pytest.mark.parametrize("inside", ["%s", "%(a)s", ":1", ":a", "$1", "?"])
def test_strings_names_and_comments_hold_no_placeholders(dialect: str, frame: str, inside: str) -> None:
    text = frame.replace("{}", f" {inside} ")
    expected = ("$1", (1,)) if dialect == POSTGRESQL else (":a", NAMES)
    assert sent(dialect, f"SELECT :a, {text}", NAMES) == (f"SELECT {expected[0]}, {text}", expected[1])
    if dialect == SQLITE and "%" not in inside:
        assert sent(dialect, f"SELECT %(a)s, {text}", NAMES) == (f"SELECT :a, {text}", NAMES)


@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE])
def test_a_comment_ends(dialect: str) -> None:
    """PostgreSQL's nest, SQLite's do not."""
    sql = "SELECT /* /* */ :a /* */ */ :b"
    if dialect == POSTGRESQL:
        assert sent(dialect, sql, {"b": 2}) == ("SELECT /* /* */ :a /* */ */ $1", (2,))
    else:
        assert sent(dialect, sql, {"a": 1, "b": 2}) == (sql, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("sql", "params", "message"),
    [
        ("SELECT :1, %s", (1, 2), "mixes placeholders of 2 styles: :1 and %s"),
        ("SELECT $1, :a", (1, 2), "mixes placeholders of 2 styles: \\$1 and :a"),
        ("SELECT %(a)s, %s, :b", (1,), "mixes placeholders of 3 styles: %\\(a\\)s and %s and :b"),
        ("SELECT :a, :b", {"a": 1}, "no value for 'b'. It takes 'a', 'b'"),
        ("SELECT :a", {"a": 1, "c": 2, "d": 3}, "no placeholder for 'c', 'd'. It takes 'a'"),
        ("SELECT %(a)s", {"b": 1}, "no value for 'a'; no placeholder for 'b'"),
        ("SELECT :a", (1,), "the placeholder :a takes a mapping of names to values, not a sequence"),
        ("SELECT %s", {"a": 1}, "the placeholder %s takes a list or tuple of values, not a mapping"),
        ("SELECT :1", {"1": 1}, "the placeholder :1 takes a list or tuple"),
    ],
)
@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE])
def test_refused(dialect: str, sql: str, params: Any, message: str) -> None:
    if dialect == SQLITE:
        sql, message = sql.replace("$1", "?1"), message.replace("\\$1", "\\?1")
    with pytest.raises(ProgrammingError, match=message):
        sent(dialect, sql, params)


def test_the_row_that_does_not_fit_is_named() -> None:
    statement = translated(POSTGRESQL, "INSERT INTO t VALUES (:a)", NAMES)
    assert statement.rows([{"a": 1}, {"a": 2}]) == [(1,), (2,)]
    with pytest.raises(ProgrammingError, match="no value for 'a'") as caught:
        statement.rows([{"a": 1}, {"b": 2}])
    assert caught.value.row == 2
    with pytest.raises(ProgrammingError, match="take a mapping of names to values, not list") as caught:
        statement.rows([[1]])
    assert caught.value.row == 1
    for wrong in ([1, 2], 5, None):
        with pytest.raises(ProgrammingError, match="take a mapping of names to values"):
            statement.rows([wrong])


@pytest.mark.parametrize(
    ("sql", "postgresql", "sqlite"),
    [
        ("SELECT 1", True, False),
        ("  -- why\n select 1", True, False),
        ("VALUES (1)", True, False),
        ("INSERT INTO t VALUES (1)", True, True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True, False),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", True, True),
        ("WITH a AS (DELETE FROM t RETURNING 1) SELECT * FROM a", True, False),
        ("WITH replace AS (SELECT 1) SELECT * FROM replace", True, False),
        ("WITH RECURSIVE b AS (SELECT 1), replace (x) AS NOT MATERIALIZED (SELECT 1) VALUES (1)", True, False),
        ('WITH "insert" AS (SELECT 1) /* update */ SELECT 1', True, False),
        ("WITH replace AS (SELECT 1) REPLACE /* into */ INTO t SELECT * FROM replace", True, True),
        ("WITH replace AS (SELECT 1) DELETE FROM t", True, True),
        ("CREATE TABLE t (a)", True, True),
        ("SAVEPOINT a", True, True),
        ("PRAGMA foreign_keys", True, False),
        ("VACUUM", True, False),
        ("BEGIN", False, False),
        ("commit", False, False),
        ("", True, False),
    ],
)
def test_what_opens_a_transaction(sql: str, postgresql: bool, sqlite: bool) -> None:
    for params in (None, ()):
        for dialect in (POSTGRESQL, MYSQL):
            assert translated(dialect, sql, params).begins is postgresql
        assert translated(SQLITE, sql, params).begins is sqlite


def test_translations_are_remembered_unless_they_are_huge() -> None:
    sql = "SELECT :1 -- remembered"
    assert translated(SQLITE, sql, (1,)) is translated(SQLITE, sql, [1])
    huge = f"SELECT :1 -- {'x' * 20_000}"
    assert translated(SQLITE, huge, (1,)) is not translated(SQLITE, huge, (1,))


# --- properties -------------------------------------------------------------------------------------------------------

PIECES = {
    POSTGRESQL: ["a", " ", "'x'", "E'\\''", "$$x$$", "$q$ $$ $q$", '"n"', "/* /* c */ */", "-- c\n", "::int", "[", "]", "(", ")", "1", "%", "?", "||", ",", "ARRAY", ":="],
    SQLITE: ["a", " ", "'x'", '"n"', "`n`", "[n]", "/* c */", "-- c\n", "(", ")", "1", "%", "||", ",", "'"],
}  # fmt: skip


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, str]:
    dialect = draw(st.sampled_from([POSTGRESQL, SQLITE]))
    return dialect, "".join(draw(st.lists(st.sampled_from(PIECES[dialect]), max_size=20)))


@given(statements())
def test_a_statement_without_placeholders_is_never_changed(statement: tuple[str, str]) -> None:
    dialect, sql = statement
    for params in (None, (), {}):
        assert sent(dialect, sql, params) == (sql, params)


@given(st.sampled_from([POSTGRESQL, SQLITE]), st.text(alphabet=string.printable + "äß→𝄞$%:?'\"[]()", max_size=60))
@example(POSTGRESQL, "$a$")
@example(POSTGRESQL, "E'\\")
def test_any_text_is_translated_or_refused(dialect: str, sql: str) -> None:
    for params in (None, (1,), {"a": 1}):
        try:
            assert isinstance(sent(dialect, sql, params)[0], str)
        except ProgrammingError:
            assert params is not None


OPAQUE_TEXTS = st.text(alphabet="a:1s?%()$ \\\n", max_size=12)


@given(st.sampled_from([POSTGRESQL, SQLITE]), st.lists(st.sampled_from("abc"), min_size=1, max_size=6), st.data())
def test_every_style_means_the_same(dialect: str, names: list[str], data: st.DataObject) -> None:
    """The same statement in each style, with arbitrary text in strings and comments between the placeholders."""
    between = data.draw(st.lists(OPAQUE_TEXTS, min_size=len(names), max_size=len(names)))
    order = [*dict.fromkeys(names)]
    values = {name: number for number, name in enumerate(order)}

    def text(placeholder: Any, percent: str) -> str:
        parts = [f"{placeholder(i)} || '{hidden}'".replace("%", percent) for i, hidden in enumerate(between)]
        return "SELECT " + " || ".join(parts)

    mark = "$" if dialect == POSTGRESQL else "?"
    shown = text(lambda i: f"{mark}{order.index(names[i]) + 1}", "%")
    named = text(lambda i: f":{names[i]}", "%")
    by_name = (named, values) if dialect == SQLITE else (shown, tuple(range(len(order))))
    assert sent(dialect, named, values) == by_name
    numbered = text(lambda i: f":{order.index(names[i]) + 1}", "%")
    assert sent(dialect, numbered, tuple(range(len(order)))) == (shown, tuple(range(len(order))))

    counted = text(lambda i: f"{mark}{i + 1}", "%")
    parts = [f"%s || '{hidden.replace('%', '%%')}'" for hidden in between]
    row = [values[name] for name in names]
    assert sent(dialect, "SELECT " + " || ".join(parts), row) == (counted, row)
    parts = [f"%({name})s || '{hidden.replace('%', '%%')}'" for name, hidden in zip(names, between, strict=True)]
    assert sent(dialect, "SELECT " + " || ".join(parts), values) == by_name
