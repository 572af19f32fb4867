"""Arguments that functions, CASE, windows and lists refuse, before anything is compiled."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.sql import Select, all_, any_, case, compile, func
from ferrow.sql.dialect import ALL
from ferrow.types import Integer, Text
from ferrow.wire.sqlite_regular import search
from tests.pure.sql.columns import active, age, author, born, meta, name, one, posts, price, seen, t, tags

f: Any = func
WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: f.lower("x"), TypeError, r"literal\('x'\)"),
    (lambda: f.lower(age), TypeError, "takes texts"),
    (lambda: f.replace(name, 1, "x"), TypeError, "replace.. takes str here, not 1"),
    (lambda: f.replace(name, "a", age), TypeError, "takes Text"),
    (lambda: f.substr(name, 1, -1), ValueError, "from 0 on"),
    (lambda: f.substr(name, True), TypeError, "takes int here, not True"),
    (lambda: f.concat(), TypeError, "at least one"),
    (lambda: f.concat(name, 3), TypeError, "takes str here"),
    (lambda: f.abs(name), TypeError, "takes numbers"),
    (lambda: f.round(price, 1.5), TypeError, "whole number of places"),
    (lambda: f.power(age, "2"), TypeError, "as exponent"),
    (lambda: f.coalesce(age, "x"), TypeError, "values of one type"),
    (lambda: f.coalesce(age, None), TypeError, "None, whose type nobody knows"),
    (lambda: f.greatest(meta, meta), TypeError, "with an order"),
    (lambda: f.nullif(1, age), TypeError, "takes an expression"),
    (lambda: f.now(1), TypeError, "positional"),
    (lambda: f.date_trunc("decade", seen), ValueError, "it knows year"),
    (lambda: f.date_trunc("hour", born), ValueError, "it knows year"),
    (lambda: f.date_trunc("day", name), TypeError, "dates and timestamps"),
    (lambda: f.extract("hour'; --", seen), ValueError, "it knows year"),
    (lambda: f.string_agg(age, ","), TypeError, "takes texts"),
    (lambda: f.string_agg(name, None), TypeError, "takes str here"),
    (lambda: f.array_agg(tags), TypeError, "cannot gather lists"),
    (lambda: f.json_agg(price), TypeError, "array_agg gathers"),
    (lambda: f.count().filter(), TypeError, "needs a condition"),
    (lambda: f.count().filter(age), TypeError, "expected a condition"),
    (lambda: f.count(any_([1])), TypeError, "takes an expression"),
    (lambda: f.count(age, distinct=True).over(), ValueError, "repeated values"),
    (lambda: f.sum(age).over(order_by="age"), TypeError, "over.. takes expressions"),
    (lambda: f.sum(age).over(order_by=meta), TypeError, "have no order"),
    (lambda: f.sum(age).over(rows=3), TypeError, "pair of start and end"),
    (lambda: f.sum(age).over(rows=(1, -1)), ValueError, "behind its end"),
    (lambda: f.sum(age).over(rows=(0.5, 1)), TypeError, "no distance here"),
    (lambda: f.sum(age).over(rows=(0, 1), groups=(0, 1)), ValueError, "one frame"),
    (lambda: f.sum(age).over(groups=(0, 1)), ValueError, "say order_by"),
    (lambda: f.sum(age).over(range=(-1, 1)), ValueError, "exactly one number"),
    (lambda: f.sum(age).over(order_by=born, range=(-1, 1)), ValueError, "exactly one number"),
    (lambda: f.sum(age).over(order_by=age, range=(-0.5, 1)), TypeError, "no distance here"),
    (lambda: f.sum(age).over(exclude="ties"), ValueError, "there is none"),
    (lambda: f.sum(age).over(rows=(0, 1), exclude="x); --"), ValueError, "current row"),
    (lambda: f.ntile(0), ValueError, "from 1 on"),
    (lambda: f.lag(age, -1), ValueError, "from 0 on"),
    (lambda: f.lag(age, 1, "x"), TypeError, "values of one type"),
    (lambda: f.call("f", None, type=Integer()), TypeError, "NoneType"),
    (lambda: f.call("f", type=int), TypeError, "ferrow.types"),
    (lambda: f.call("", type=Integer()), ProgrammingError, "function"),
    (lambda: f.call("f\0", type=Integer()), ProgrammingError, "function"),
    (case, TypeError, "at least one pair"),
    (lambda: case("x"), TypeError, "takes pairs"),  # type: ignore[call-overload]
    (lambda: case((age, 1)), TypeError, "expected a condition"),  # type: ignore[call-overload]
    (lambda: case((age > 1, 1), else_="x"), TypeError, "values of one type"),
    (lambda: case((age > 1, None)), TypeError, "None, whose type"),
    (lambda: any_(3), TypeError, "any_.. takes values"),  # type: ignore[call-overload]
    (lambda: any_("abc"), TypeError, "any_.. takes values"),
    (lambda: any_(name), TypeError, "any_.. takes values"),  # type: ignore[call-overload]
    (lambda: all_(Select([author, author], posts)), TypeError, "one column"),
    (lambda: any_([1]) == any_([2]), TypeError, "with each other"),
    (lambda: age == any_([1.5]), TypeError, "which is not one"),
    (lambda: meta < any_([1]), TypeError, "no order"),
    (lambda: tags.contains_all("ab"), TypeError, "are a list"),
    (lambda: tags.overlaps(age), TypeError, "another list"),  # type: ignore[call-overload]
    (lambda: name.contains_all(["a"]), TypeError, "looks into lists"),  # type: ignore[call-overload,misc]
    (lambda: name.length(), TypeError, "func.length"),  # type: ignore[misc]
    (lambda: tags["a"], TypeError, "whole number"),  # type: ignore[call-overload]
    (lambda: tags[True], TypeError, "whole number"),
    (lambda: name[0], TypeError, "looked into"),  # type: ignore[call-overload,misc]
    (lambda: list(tags), TypeError, "looped over"),
    (lambda: "a" in tags, TypeError, "any_"),
    (lambda: name.matches(3), TypeError, "must be a str"),  # type: ignore[arg-type]
    (lambda: age.imatches("x"), TypeError, "only texts"),  # type: ignore[misc]
    (lambda: age.is_(True), TypeError, "about booleans"),
    (lambda: active.is_("x"), TypeError, "None, True or False"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(
    ("build", "error", "words"), WRONG, ids=[f"{n}-{words}" for n, (_, _, words) in enumerate(WRONG)]
)
def test_what_is_refused(build: Callable[[], Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        build()


def test_any_has_no_value_by_itself() -> None:
    for dialect in ALL.values():
        with pytest.raises(ProgrammingError, match="one side of a comparison"):
            compile(Select([any_([1])], t), dialect)


HOSTILE = [
    'x"; DROP TABLE t; --',
    "x') OR 1=1 --",
    "pg_sleep(1)",
    "a.b",
    "é",
    "SELECT",
    "{0}",
    "{tail}",
    "%s",
    "$1",
    "?1",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("aggregate", [False, True])
def test_a_function_is_only_ever_a_name(hostile: str, aggregate: bool) -> None:
    for dialect in ALL.values():
        quoted = dialect.mark + hostile.replace(dialect.mark, dialect.mark * 2) + dialect.mark
        for schema, prefix in ((None, ""), (hostile, f"{quoted}.")):
            made: Any = f.call(hostile, one, type=Text(), schema=schema, aggregate=aggregate)
            if schema is not None and not dialect.function_schemas:
                with pytest.raises(NotSupportedError, match=f"{dialect.name} has no schemas of functions"):
                    compile(Select([made], t), dialect)
                continue
            assert compile(Select([made], t), dialect).sql == f"SELECT {prefix}{quoted}(one) FROM t"


def test_braces_in_names_are_nothing_special() -> None:
    for dialect in ALL.values():
        sql = compile(Select([func.call("{0}", name, type=Text())], t), dialect).sql
        assert f"{dialect.mark}{{0}}{dialect.mark}(name)" in sql


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a.c", "a\nc", True),
        ("c$", "abc\n", False),
        (r"\$$", "5$", True),
        ("[$]", "5$", True),
        (r"\mfoo\M", "a foo b", True),
        (r"\mfoo\M", "afoo b", False),
        (r"\yfoo", "foo", True),
        ("^[[:alpha:]]+$", "Äé", True),
        ("^[^[:alnum:]]+$", "-_", True),
        ("^[[:digit:]x]+$", "1x2", True),
        ("[]]", "]", True),
        ("[a[]", "[", True),
        (r"(\w)\1", "abba", True),
    ],
)
def test_regular_expressions_of_sqlite(pattern: str, text: str, found: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert search(text, pattern, False) is found


def test_what_is_no_regular_expression() -> None:
    for pattern, words in (
        ("(", "not a regular expression"),
        ("[_[:alpha:]]", "is not known here"),
        ("a{99999999999}", "not a"),
    ):
        with pytest.raises(ValueError, match=words):
            search("x", pattern, False)
