"""Codecs in comparisons of random queries, names of which mean now this and now that: nothing is encoded for a column that is not the codec's."""

from __future__ import annotations

import random

from ferrow import driver
from ferrow.errors import Error
from ferrow.types import Codec

# The same names are columns with the codec and without it. A value stands in those as it is, and in the others encoded.
TABLES = """
    ATTACH ':memory:' AS o;
    CREATE TABLE t1 (id, a mood, b); CREATE TABLE t2 (id, a, b mood); CREATE TABLE t3 (k, z mood, y);
    CREATE TABLE o.t1 (id, a, b mood); CREATE TEMP TABLE t3 (k, z, y mood);
    CREATE VIEW v AS SELECT id, b AS a, a AS b FROM t1;
    INSERT INTO main.t1 VALUES (1, 'M:x', 'x'); INSERT INTO t2 VALUES (1, 'x', 'M:x'); INSERT INTO main.t3 VALUES (1, 'M:x', 'x');
    INSERT INTO o.t1 VALUES (1, 'x', 'M:x'); INSERT INTO temp.t3 VALUES (1, 'x', 'M:x');
"""
COMPARISONS = [
    "{} = ?",
    "? = {}",
    "{} IN ('n', ?)",
    "{} BETWEEN ? AND ?",
    "{} IS NOT DISTINCT FROM ?",
    "{} = coalesce(NULL, ?)",
    "{} = nullif(?, 1)",
    "{} = CASE WHEN 0 THEN 1 ELSE iif(1, ?, NULL) END",
    "NOT {} <> ?",
    "{} == ? COLLATE BINARY",
    "CASE WHEN {} = ? THEN 1 ELSE 0 END",
]


class Queries:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def source(self, depth: int, common: tuple[str, ...]) -> str:
        alias = self.pick("", "", " AS t1", " t2", " AS p", ' "T3"')
        if depth and self.random.random() < 0.25:
            return f"({self.query(depth - 1, common)}){alias or ' AS s'}"
        return self.pick("t1", "t2", "t3", "v", "o.t1", "main.t3", '"t1"', "[t2]", "json_each('[1]')", *common) + alias

    def check(self, depth: int, common: tuple[str, ...]) -> str:
        if depth and self.random.random() < 0.4:
            return f"EXISTS ({self.query(depth - 1, common)})"
        column = self.pick("", "", "t1.", "t2.", "t3.", "v.", "p.", "s.", "T1.") + self.pick("a", "b", "z", "A", '"b"')
        return f"found({column}, {self.pick(*COMPARISONS).format(column)})"

    def query(self, depth: int, common: tuple[str, ...] = ()) -> str:
        start = ""
        if depth and self.random.random() < 0.2:
            common = (*common, self.pick("t1", "t2", "w"))
            start = f"WITH {common[-1]} AS (SELECT 1 AS id, {self.pick('a', 'b')} AS a, b FROM {self.pick('t2', 'main.t1', 'o.t1')}) "
        tables = self.pick(", ", " JOIN ").join(
            self.source(depth, common) for _ in range(self.random.choice([1, 1, 2]))
        )
        columns = self.pick("1", "1 AS id, 'x' AS a, 'x' AS b", "b AS a, a AS b", "*")
        return f"{start}SELECT {columns} FROM {tables} WHERE {self.check(depth, common)}"


def test_nothing_is_encoded_for_another_column() -> None:
    wrong: list[str] = []
    met = {"encoded": 0, "plain": 0}
    with driver.connect("sqlite::memory:", codecs=[Codec("mood", encode="M:{}".format)]) as conn:
        conn.script(TABLES)

        def found(value: str | None, was: int | None) -> int:
            if value == "x":
                met["plain"] += 1
                if was != 1:
                    wrong.append(query)
            elif value is not None:
                met["encoded"] += was == 1
            return 1

        conn.sqlite.create_function("found", found)
        queries = Queries(22)
        for _ in range(6000):
            query = queries.query(2)
            try:
                conn.query(query, ["x"] * query.count("?"))
            except Error:  # most of them name a column that is not there, or is ambiguous
                continue
    assert wrong == []
    assert met["encoded"] > 200
    assert met["plain"] > 200
