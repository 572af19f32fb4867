"""Lists in columns; any_ and all_: the text per dialect."""

from decimal import Decimal
from typing import Any

import pytest

from ferrow.sql import Expr, Select, all_, any_
from tests.pure.sql.columns import age, author, blobs, name, posts, price, sums, tags
from tests.support.sql import NOT_SUPPORTED, assert_expr

# expression, values, PostgreSQL, SQLite (None: not supported)
TEXTS: list[tuple[Expr[Any], list[Any], str, str | None]] = [
    (tags == ["a"], [["a"]], "tags = $1", "ferrow_json(tags) = ferrow_json(?1)"),
    (sums == [Decimal(1)], [[Decimal("1")]], "sums = $1", None),
    (
        tags.contains_all(["a"]),
        [["a"]],
        "(tags @> $1)",
        "CASE WHEN t.tags IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM json_each(?1) WHERE value IS NULL OR value NOT IN (SELECT value FROM json_each(t.tags) WHERE value IS NOT NULL)) END",
    ),
    (
        tags.contained_by(["a"]),
        [["a"]],
        "($1 @> tags)",
        "CASE WHEN t.tags IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value IS NULL OR value NOT IN (SELECT value FROM json_each(?1) WHERE value IS NOT NULL)) END",
    ),
    (
        tags.overlaps(tags),
        [],
        "(tags && tags)",
        "CASE WHEN t.tags IS NOT NULL AND t.tags IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value IN (SELECT value FROM json_each(t.tags) WHERE value IS NOT NULL)) END",
    ),
    (
        sums.overlaps([Decimal(1)]),
        [[Decimal("1")]],
        "(sums && $1)",
        "CASE WHEN t.sums IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(?1) WHERE value COLLATE decimal IN (SELECT value FROM json_each(t.sums) WHERE value IS NOT NULL)) END",
    ),
    (tags.length(), [], "cardinality(tags)", "json_array_length(tags)"),
    (tags[0], [0], "(tags)[$1 + 1]", "(tags ->> (?1))"),
    (
        tags[-1],
        [-1],
        "(tags)[cardinality(tags) + 1 + $1]",
        "(tags ->> (CASE WHEN json_array_length(tags) + ?1 >= 0 THEN json_array_length(tags) + ?1 END))",
    ),
    (blobs[1], [1], "(blobs)[$1 + 1]", "unhex((blobs ->> (?1)))"),
    (
        "a" == any_(tags),
        ["a"],
        "CAST($1 AS text) = ANY(tags)",
        "CASE WHEN t.tags IS NOT NULL THEN CAST(?1 AS TEXT) IN (SELECT value FROM json_each(t.tags)) END",
    ),
    (
        "a" != all_(tags),
        ["a"],
        "CAST($1 AS text) <> ALL(tags)",
        "CASE WHEN t.tags IS NOT NULL THEN CAST(?1 AS TEXT) NOT IN (SELECT value FROM json_each(t.tags)) END",
    ),
    (
        name < any_(tags),
        [],
        "name < ANY(tags)",
        "CASE WHEN t.tags IS NOT NULL THEN (SELECT CASE WHEN max(t.name < value) = 1 THEN 1 WHEN count(*) > count(t.name < value) THEN NULL ELSE 0 END FROM json_each(t.tags)) END",
    ),
    (
        b"x" == any_(blobs),
        [b"x"],
        "CAST($1 AS bytea) = ANY(blobs)",
        "CASE WHEN t.blobs IS NOT NULL THEN CAST(?1 AS BLOB) IN (SELECT unhex(value) FROM json_each(t.blobs)) END",
    ),
    (
        Decimal(1) >= all_(sums),
        [Decimal("1")],
        "CAST($1 AS numeric) >= ALL(sums)",
        "CASE WHEN t.sums IS NOT NULL THEN (SELECT CASE WHEN min(CAST(?1 AS TEXT) COLLATE decimal >= value COLLATE decimal) = 0 THEN 0 WHEN count(*) > count(CAST(?1 AS TEXT) COLLATE decimal >= value COLLATE decimal) THEN NULL ELSE 1 END FROM json_each(t.sums)) END",
    ),
    (age == any_([1, 2]), [[1, 2]], "age = ANY($1)", "t.age IN (SELECT value FROM json_each(?1))"),
    (age != all_([1, 2]), [[1, 2]], "age <> ALL($1)", "t.age NOT IN (SELECT value FROM json_each(?1))"),
    (
        age > any_([1, 2]),
        [[1, 2]],
        "age > ANY($1)",
        "(SELECT CASE WHEN max(t.age > value) = 1 THEN 1 WHEN count(*) > count(t.age > value) THEN NULL ELSE 0 END FROM json_each(?1))",
    ),
    (
        price == any_([Decimal(1)]),
        [[Decimal("1")]],
        "price = ANY($1)",
        "t.price IN (SELECT value COLLATE decimal FROM json_each(?1))",
    ),
    (
        age == any_(Select([author], posts)),
        [],
        "t.age = ANY (SELECT posts.author FROM posts)",
        "t.age IN (SELECT posts.author FROM posts)",
    ),
    (
        age != all_(Select([author], posts)),
        [],
        "t.age <> ALL (SELECT posts.author FROM posts)",
        "t.age NOT IN (SELECT posts.author FROM posts)",
    ),
    (
        age <= all_(Select([author], posts)),
        [],
        "t.age <= ALL (SELECT posts.author FROM posts)",
        "(WITH ferrow_rows(ferrow_value) AS (SELECT posts.author FROM posts) SELECT CASE WHEN min(t.age <= ferrow_value) = 0 THEN 0 WHEN count(*) > count(t.age <= ferrow_value) THEN NULL ELSE 1 END FROM ferrow_rows)",
    ),
]


@pytest.mark.parametrize(("expr", "values", "postgresql", "sqlite"), TEXTS, ids=[text[2] for text in TEXTS])
def test_texts(expr: Expr[Any], values: list[Any], postgresql: str, sqlite: str | None) -> None:
    assert_expr(expr, values=values, postgresql=postgresql, sqlite=sqlite or NOT_SUPPORTED)
