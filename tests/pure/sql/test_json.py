"""Paths into documents, as text: keys and positions are parameters, whatever they are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ferrow.sql import Select, compile
from ferrow.sql.dialect import ALL, POSTGRESQL
from ferrow.sql.json_path import JsonPath, path_of
from ferrow.sql.json_steps import word
from tests.pure.sql.columns import meta, name, one, plain, t
from tests.support.sql import assert_expr, assert_sql

A = "NULLIF(meta -> CAST($1 AS text), 'null')"
L = "ferrow_json_at(meta, ?1)"


def test_steps() -> None:
    array = """jsonb_path_query_first({}, 'strict $ ? (@.type() == "array")') -> CAST({} AS integer)"""
    assert_expr(
        meta["a"][0] == "x",
        values=["a", 0, "x"],
        postgresql=f"NULLIF({array.format('meta -> CAST($1 AS text)', '$2')}, 'null') = $3",
        sqlite="ferrow_json(ferrow_json_at(meta, ?1, ?2)) = ferrow_json(?3)",
    )
    assert_expr(
        plain["a"][-1] == "x",
        values=["a", -1, "x"],
        postgresql="NULLIF(CAST(plain -> CAST($1 AS text) -> CAST($2 AS integer) AS jsonb), 'null') = $3",
        sqlite="ferrow_json(ferrow_json_at(plain, ?1, ?2)) = ferrow_json(?3)",
    )
    assert_expr(
        path_of(meta).at(word("0")) == 1,
        values=["0", 1],
        postgresql="NULLIF(meta #> ARRAY[CAST($1 AS text)], 'null') = $2",
        sqlite="ferrow_json(ferrow_json_at(meta, CAST(?1 AS BLOB))) = ferrow_json(?2)",
    )


def test_comparisons() -> None:
    number = f"CASE jsonb_typeof({A}) WHEN 'number' THEN CAST({A} AS numeric) END"
    text = f"CASE jsonb_typeof({A}) WHEN 'string' THEN {A} #>> '{{}}' END"
    flag = f"CASE jsonb_typeof({A}) WHEN 'boolean' THEN CAST({A} AS boolean) END"
    for condition, values, postgresql, sqlite in (
        (meta["a"] == {"b": 1}, ["a", {"b": 1}], f"{A} = $2", f"ferrow_json({L}) = ferrow_json(?2)"),
        (meta["a"] != True, ["a", True], f"{A} <> $2", f"ferrow_json({L}) <> ferrow_json(?2)"),  # noqa: E712
        (meta["a"] == None, ["a"], f"{A} IS NULL", f"{L} IS NULL"),  # noqa: E711
        (
            meta["a"] == Decimal("1.5"),
            ["a", Decimal("1.5")],
            f"{A} = to_jsonb(CAST($2 AS numeric))",
            f"ferrow_json({L}) = ferrow_json(?2)",
        ),
        (meta["a"] > 1.5, ["a", Decimal("1.5")], f"{number} > $2", f"ferrow_json_number({L}) COLLATE decimal > ?2"),
        (meta["a"] <= 1, ["a", 1], f"{number} <= $2", f"ferrow_json_number({L}) COLLATE decimal <= ?2"),
        (meta["a"] < "b", ["a", "b"], f'({text}) COLLATE "C" < $2', f"ferrow_json_text({L}) < ?2"),
        (meta["a"] >= True, ["a", True], f"{flag} >= $2", f"ferrow_json_bool({L}) >= ?2"),
        (
            meta["a"].in_(["x", 1]),
            ["a", ["x", 1]],
            f"{A} = ANY($2)",
            f"ferrow_json({L}) IN (SELECT ferrow_json(value) FROM json_each(?2))",
        ),
        (
            meta["a"].not_in(["x"]),
            ["a", ["x"]],
            f"{A} <> ALL($2)",
            f"ferrow_json({L}) NOT IN (SELECT ferrow_json(value) FROM json_each(?2))",
        ),
        (meta["a"].like("x%"), ["a", "x%"], f"{text} LIKE $2", f"ferrow_like(ferrow_json_text({L}), ?2)"),
        (meta["a"].icontains("%"), ["a", r"%\%%"], f"{text} ILIKE $2", f"ferrow_ilike(ferrow_json_text({L}), ?2)"),
        (name == meta["a"], ["a"], f"name = {text}", f"name = ferrow_json_text({L})"),
        (
            one < meta["a"],
            ["a"],
            f"one < {number}",
            f"CAST(one AS TEXT) COLLATE decimal < ferrow_json_number({L}) COLLATE decimal",
        ),
    ):
        assert_expr(condition, values=values, postgresql=postgresql, sqlite=sqlite)


def test_containment_and_keys() -> None:
    assert_expr(
        meta.has_key("a'b"),
        values=["a'b"],
        postgresql="(meta ? $1 AND jsonb_typeof(meta) = 'object')",
        sqlite="ferrow_json_has(meta, ?1)",
    )
    assert_expr(
        meta["a"].json_contains([1]),
        values=["a", [1]],
        postgresql=f"{A} @> CAST($2 AS jsonb)",
        sqlite=f"ferrow_json_contains({L}, ?2)",
    )
    assert_expr(
        meta["a"].json_contains(None),
        values=["a"],
        postgresql=f"{A} @> CAST('null' AS jsonb)",
        sqlite=f"ferrow_json_contains({L}, 'null')",
    )
    text = f"CASE jsonb_typeof({A}) WHEN 'string' THEN {A} #>> '{{}}' END"
    assert_expr(
        meta["a"].contains("x"),
        values=["a", "%x%", "x"],
        postgresql=f"CASE jsonb_typeof({A}) WHEN 'string' THEN {text} LIKE $2 ELSE {A} @> CAST($3 AS jsonb) END",
        sqlite=f"CASE ferrow_json_type({L}) WHEN 'string' THEN ferrow_like(ferrow_json_text({L}), ?2) ELSE ferrow_json_contains({L}, ?3) END",
    )


def test_values_of_sql() -> None:
    a = meta["a"]
    typed = f"CASE jsonb_typeof({A}) WHEN "
    number = f"CAST({A} AS numeric)"
    string = f"{A} #>> '{{}}'"
    for expr, postgresql, sqlite in (
        (a.as_text(), f"{typed}'string' THEN {string} END", f"ferrow_json_text({L})"),
        (a.as_bool(), f"{typed}'boolean' THEN CAST({A} AS boolean) END", f"ferrow_json_bool({L})"),
        (
            a.as_int(),
            f"{typed}'number' THEN CASE WHEN {number} BETWEEN -9223372036854775808 AND 9223372036854775807 AND "
            f"{number} = trunc({number}) THEN CAST({A} AS bigint) END END",
            f"ferrow_json_int({L})",
        ),
        (
            a.as_float(),
            f"{typed}'number' THEN CASE WHEN abs({number}) < 2.5e-324 THEN 0.0 "
            f"WHEN abs({number}) < 1.797693134862315807e308 THEN CAST({A} AS double precision) END END",
            f"ferrow_json_float({L})",
        ),
        (
            a.as_decimal(),
            f"{typed}'number' THEN {number} WHEN 'string' THEN CASE WHEN length({string}) <= 1000 AND {string} ~ "
            "'^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,3})?$' "
            f"THEN CAST({string} AS numeric) END END",
            f"ferrow_json_decimal({L})",
        ),
        (
            a.length(),
            f"{typed}'array' THEN jsonb_array_length({A}) WHEN 'object' THEN "
            f"CAST((SELECT count(*) FROM jsonb_object_keys({A})) AS integer) END",
            f"ferrow_json_length({L})",
        ),
    ):
        assert_sql(
            Select([expr], t), values=["a"], postgresql=f"SELECT {postgresql} FROM t", sqlite=f"SELECT {sqlite} FROM t"
        )


def test_order() -> None:
    text = f"(CASE jsonb_typeof({A}) WHEN 'string' THEN {A} #>> '{{}}' END) COLLATE \"C\""
    assert_sql(
        Select([one], t).order_by(meta["a"].desc().nulls_last()),
        values=["a"],
        postgresql=(
            f"SELECT one FROM t ORDER BY CASE WHEN {A} IS NOT NULL THEN ROW(CASE jsonb_typeof({A}) WHEN 'string' THEN 1 "
            f"WHEN 'number' THEN 2 WHEN 'boolean' THEN 3 WHEN 'array' THEN 4 ELSE 5 END, CASE jsonb_typeof({A}) "
            f"WHEN 'number' THEN CAST({A} AS numeric) WHEN 'boolean' THEN CAST(CAST({A} AS boolean) AS integer) END, "
            f"{text}) END DESC NULLS LAST"
        ),
        sqlite=f"SELECT one FROM t ORDER BY ferrow_json_order({L}) DESC NULLS LAST",
    )


@pytest.mark.parametrize("key", ["", "a'b", '"', "$", "a.b", "[0]", "😀", "0", "' OR 1=1 --", "{}", "%s", "?"])
def test_a_key_is_never_part_of_the_text(key: str) -> None:
    for dialect in ALL.values():
        for build in (lambda k: meta[k] == 1, lambda k: meta.has_key(k), lambda k: meta["x"][k].contains(k)):
            probe, other = Select([one], t, where=build(key)), Select([one], t, where=build("plain"))
            assert probe.shape == other.shape
            assert compile(probe, dialect) is compile(other, dialect)
            assert key in probe.values


def test_what_is_no_document_or_no_step_is_refused() -> None:
    for wrong in (
        lambda: name["a"],  # type: ignore[index]  # pyright: ignore
        lambda: JsonPath(name),
        lambda: meta[None],  # type: ignore[index]  # pyright: ignore
        lambda: meta[True],
        lambda: meta[1.0],  # type: ignore[index]  # pyright: ignore
        lambda: meta["a"] < object(),
        lambda: meta["a"] == object(),
        lambda: meta["a"] < None,
        lambda: meta["a"].in_("abc"),
        lambda: meta["a"].in_(Select([one], t)),
        lambda: meta["a"].like(5),  # type: ignore[arg-type]  # pyright: ignore
        lambda: meta.path(lambda document: document.a),
        lambda: meta.path(lambda document: "a"),
        lambda: name.has_key("a"),
        lambda: name.length(),
        lambda: [*meta],  # type: ignore[misc]  # pyright: ignore
    ):
        with pytest.raises(TypeError):
            wrong()
    for invalid in (lambda: meta["a\0"], lambda: meta[2**31], lambda: meta["a"] > float("inf")):
        with pytest.raises(ValueError, match=r"NUL|position|JSON has no"):
            invalid()


def test_between_is_both_comparisons() -> None:
    condition: Any = meta["a"].between(1, 2)
    assert condition.values == ("a", 1, "a", 2)
    assert " AND " in compile(Select([one], t, where=condition), POSTGRESQL).sql
