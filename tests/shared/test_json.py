"""Conditions on paths into documents, on real rows: jsonb, json and SQLite's texts alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ferrow import Q, column, columns
from ferrow.errors import DataError, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.json_accounts import DOCUMENTS, accounts, model, names, session_of

__all__ = ["accounts", "model", "session_of"]

FILTERS: list[tuple[str, Any, list[str]]] = [
    ("plan", "premium", ["premium"]),
    ("plan", 5, ["number", "large"]),
    ("plan", 5.0, ["number", "large"]),
    ("plan", Decimal("5.00"), ["number", "large"]),
    ("plan", "5", ["digits"]),
    ("plan", True, ["true"]),
    ("plan", 1, []),
    ("plan", None, ["null", "list", "text", "empty"]),
    ("plan__ne", "premium", ["free", "digits", "number", "large", "true"]),
    ("plan__ne", None, ["premium", "free", "digits", "number", "large", "true"]),
    ("plan__isnull", True, ["null", "list", "text", "empty"]),
    ("plan__isnull", False, ["premium", "free", "digits", "number", "large", "true"]),
    ("plan__isnotnull", True, ["premium", "free", "digits", "number", "large", "true"]),
    ("n__gt", 2, ["premium", "free", "large"]),
    ("n__gt", 2.5, ["premium", "large"]),
    ("n__gte", 2.5, ["premium", "free", "large"]),
    ("n__gte", Decimal("2.5"), ["premium", "free", "large"]),
    ("n__lt", 2.5, ["number"]),
    ("n__lte", 2.5, ["free", "number"]),
    ("n__gt", "4", ["digits"]),
    ("n__gt", "6", []),
    ("n__lt", True, ["true"]),
    ("n", 10**30, ["large"]),
    ("plan__gt", "free", ["premium"]),
    ("plan__in", ["premium", "5", 5], ["premium", "digits", "number", "large"]),
    ("plan__in", [True, None], ["true", "null", "list", "text", "empty"]),
    ("plan__in", [Decimal(5)], ["number", "large"]),
    ("plan__in", [None], ["null", "list", "text", "empty"]),
    ("plan__in", [], []),
    ("plan__notin", ["premium", 5], ["free", "digits", "true"]),
    ("plan__notin", [], list(DOCUMENTS)),
    ("plan__notin", [None], ["premium", "free", "digits", "number", "large", "true"]),
    ("plan__like", "pre%", ["premium"]),
    ("plan__like", "PRE%", []),
    ("plan__ilike", "PRE%", ["premium"]),
    ("plan__contains", "re", ["premium", "free"]),
    ("plan__icontains", "RE", ["premium", "free"]),
    ("plan__startswith", "f", ["free"]),
    ("plan__istartswith", "F", ["free"]),
    ("plan__endswith", "m", ["premium"]),
    ("plan__iendswith", "M", ["premium"]),
    ("specs__weight__gt", 1.0, ["premium"]),
    ("specs__weight", 1, ["free"]),
    ("specs__0__weight", 2, ["digits"]),
    ("specs__size__1", 20, ["premium"]),
    ("specs__size", [10, 20.0], ["premium"]),
    ("specs", {}, ["true"]),
    ("specs", {"weight": 1.0}, ["free"]),
    ("tags__contains", "x", ["premium", "free"]),
    ("tags__contains", "%", []),
    ("tags__contains", "50%_", ["number"]),
    ("tags__contains", 1, ["number"]),
    ("tags__contains", ["x"], ["premium"]),
    ("tags__contains", [["x"]], ["large"]),
    ("tags__contains", {"x": "y"}, ["true"]),
    ("tags__json_contains", ["y", "x"], ["premium"]),
    ("tags__has_key", "x", ["true"]),
    ("0__name", "zero", ["digits"]),
    ("0__plan", "inside", ["list"]),
    ("1", "premium", ["list"]),
    ("1__eq", "premium", ["list"]),
    ("has_key", "vip", ["premium", "free", "number"]),
    ("has_key", "premium", []),
    ("has_keys", ["n", "vip"], ["premium", "free", "number"]),
    ("has_any_keys", ["0", "vip"], ["premium", "free", "digits", "number"]),
    ("json_contains", {"specs": {"weight": 1}}, ["free"]),
    ("json_contains", {"plan": None}, ["null"]),
    ("json_contains", 5, ["list"]),
    ("json_contains", "premium", ["list", "text"]),
    ("contains", "prem", ["text"]),
    ("startswith", "prem", ["text"]),
    ("in", ["premium", {}], ["text", "empty"]),
]


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_filters(accounts: Any, attribute: str) -> None:
    for keyword, value, expected in FILTERS:
        found = accounts.filter(**{f"{attribute}__{keyword}": value})
        assert await names(found) == expected, (keyword, value)
        assert await maybe(found.count()) == len(expected), (keyword, value)
        assert await names(accounts.filter(Q(**{f"{attribute}__{keyword}": value}))) == expected, keyword


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_a_missing_place_meets_neither_a_condition_nor_its_opposite(accounts: Any, attribute: str) -> None:
    there = ["premium", "free", "digits", "number", "large", "true"]
    for condition, expected in (
        (~Q(**{f"{attribute}__plan": "premium"}), there[1:]),
        (~Q(**{f"{attribute}__plan__in": ["premium"]}), there[1:]),
        (~Q(**{f"{attribute}__plan__gt": 4}), []),  # texts and booleans are neither greater nor not greater than 4
        (~Q(**{f"{attribute}__tags__contains": "x"}), ["digits", "number", "large", "true"]),
        (~Q(**{f"{attribute}__plan__isnull": True}), there),
        (
            ~(Q(**{f"{attribute}__plan": "premium"}) | Q(**{f"{attribute}__n": 2.5})),
            ["digits", "number", "large", "true"],
        ),
        (Q(Q(**{f"{attribute}__plan": "premium"}) | Q(name="free"), **{f"{attribute}__vip": True}), ["premium"]),
        (~Q(~Q(**{f"{attribute}__plan": "premium"})), ["premium"]),
        (~Q(Q(**{f"{attribute}__plan": "premium"}) | ~Q(name="empty"), id__gt=0), []),
    ):
        assert await names(accounts.filter(condition)) == expected, condition


async def test_expressions(accounts: Any, model: Any) -> None:
    c = columns(model)
    for condition, expected in (
        (c.meta["plan"] == "premium", ["premium"]),
        (c.meta["specs"]["size"][0] == 10, ["premium"]),
        (c.meta["specs"]["size"][-1] == 20, ["premium"]),
        (c.meta["tags"][5] == 1, []),
        (c.meta[1] == "premium", ["list"]),
        (c.meta[-1] == 5, ["list"]),
        (c.meta["1"] == "premium", []),  # a text is a key, never a position
        (c.meta["0"]["name"] == "zero", ["digits"]),
        (c.plain["specs"]["weight"].between(1, 2), ["premium", "free"]),
        (c.meta["plan"] == c.plain["plan"], ["premium", "free", "digits", "number", "large", "true"]),
        (c.name == c.meta["plan"], ["premium", "free"]),
        (c.meta["plan"] == c.name, ["premium", "free"]),
        (c.id < c.meta["n"], ["premium", "free", "large"]),
        (c.meta["n"].as_int() > 2, ["premium"]),
        (c.meta["n"].as_decimal() > 4, ["premium", "digits", "large"]),
        (c.meta["vip"].as_bool(), ["premium"]),
        (~c.meta["vip"].as_bool(), ["free"]),
        (c.meta["plan"].as_text().in_(["free", "5"]), ["free", "digits"]),
        (c.meta["tags"].length() == 2, ["premium", "number", "large"]),
        (c.meta.length() == 0, ["empty"]),
        (c.meta.has_key("plan") & c.meta["plan"].is_null(), ["null"]),
        (c.meta.has_keys("plan", "0"), ["digits"]),
        (c.meta.json_contains([5, "premium"]), ["list"]),
    ):
        assert await names(accounts.filter(condition)) == expected, condition


async def test_wrong_names_and_values_are_errors_before_anything_is_sent(accounts: Any, model: Any) -> None:
    c = columns(model)
    for wrong, error, message in (
        (lambda: accounts.filter(settings__thme__name="dark"), UnknownColumn, "'thme'. Did you mean 'theme'"),
        (lambda: accounts.filter(settings__theme__nam="dark"), UnknownColumn, "Did you mean 'name'"),
        (lambda: accounts.filter(settings__level__x=1), UnknownColumn, "has no part"),
        (lambda: accounts.filter(settings__level="x"), DataError, "settings.level is int"),
        (lambda: accounts.filter(settings__theme__size=True), DataError, "is int"),
        (lambda: accounts.order_by("settings__levle"), UnknownColumn, "Did you mean 'level'"),
        (lambda: accounts.filter(c.settings.path(lambda s: s.themes)), UnknownColumn, "Did you mean 'theme'"),
        (lambda: c.settings["themes"], UnknownColumn, "Did you mean 'theme'"),
        (lambda: c.settings.path(lambda s: s.level.bits), UnknownColumn, "has no part"),
        (lambda: c.settings.path(lambda s: 5), TypeError, "must return a part of the document"),
        (lambda: c.mata, UnknownColumn, "Did you mean 'meta'"),
        (lambda: column(model, lambda row: row.mata), UnknownColumn, "Did you mean 'meta'"),
        (lambda: column(model, lambda row: row.name.upper), UnknownColumn, "no document"),
        (lambda: column(model, lambda row: 1), TypeError, "must return an attribute"),
        (lambda: accounts.filter(meta__n__gt=date(2024, 1, 1)), DataError, "numbers, texts and booleans"),
        (lambda: accounts.filter(meta__n=date(2024, 1, 1)), DataError, "JSON has no date"),
        (lambda: accounts.filter(meta__n=float("nan")), DataError, "JSON has no nan"),
        (lambda: accounts.filter(meta__n__gt=Decimal("Infinity")), DataError, "JSON has no Infinity"),
        (lambda: accounts.filter(meta__n__gt=None), DataError, "isnull"),
        (lambda: accounts.filter(meta__n__in="abc"), DataError, "list of values"),
        (lambda: accounts.filter(meta__n__isnull=1), DataError, "True or False"),
        (lambda: accounts.filter(meta__has_key=5), DataError, "a key is a str"),
        (lambda: accounts.filter(**{"meta__a\0": 5}), ProgrammingError, "NUL"),
        (lambda: c.name["x"], TypeError, "only documents"),
        (lambda: c.name.has_key("x"), TypeError, "no document"),
        (lambda: c.meta[1.5], TypeError, "a step into a document"),
        (lambda: c.meta["a"] < c.meta["b"], TypeError, "as_text"),
        (lambda: iter(c.meta), TypeError, "cannot be looped over"),
        (lambda: "x" in c.meta, TypeError, "cannot look into"),
    ):
        with pytest.raises(error, match=message):
            wrong()


HOSTILE = [
    "", " ", ".", "..", "$", "$.a", "$[0]", "[0]", "[*]", "a.b", "a->b", "'", "''", '"', '""', "`", "\\", "\\'", "\\\"", ";", "--", "/*", "*/", "?", "$1", "%s",
    "%", "_a", ":name", "{}", "{0}", "}", "{", "|", "||", "&", "#", "@", "@>", "?|", "\n", "\t", "\r", "\u2028", "\u00e9", "\U0001f600", "\ufeff", "0", "00", "-1",
    "1e5", "null", "true", "x" * 300, "'; DROP TABLE accounts; --", "' OR '1'='1", "') OR 1=1 --", "\" OR 1=1 --", "a' || (SELECT name) || '",
    "1); DELETE FROM accounts; --", "x'] = 'x' OR 'a'['a", "$.secret", '$."secret"', "secret') IS NOT NULL OR ('", "{secret}", "lax $.*", "$.** ? (1==1)",
]  # fmt: skip
"""Keys that would mean something if they were not keys."""


async def test_every_key_is_a_literal_name(accounts: Any, model: Any, session_of: Any, backend: str) -> None:
    c = columns(model)
    await maybe(accounts.delete())
    mysql = backend == "mariadb"
    hostile = [key for key in HOSTILE if not (mysql and key.startswith("-"))]  # a path of MariaDB's does not find these
    everything = {key: position for position, key in enumerate(hostile)}
    await maybe(
        session_of.insert_all(
            [model(name="all", meta=everything, plain=everything), model(name="secret", meta={"secret": 1}, plain={})]
        )
    )
    for position, key in enumerate(hostile):
        for place in (c.meta[key], c.plain[key]):
            assert await names(accounts.filter(place == position)) == ["all"], key
            assert await maybe(accounts.order_by(place.desc().nulls_last()).values_list(place, flat=True)) == [
                position,
                None,
            ]
        assert await names(accounts.filter(c.meta.has_key(key), meta__has_key=key)) == ["all"], key
        assert await names(accounts.filter(meta__json_contains={key: position})) == ["all"], key
        assert await names(accounts.filter(c.meta[f"{key}x"] == position)) == [], key
        assert (
            await names(accounts.filter(Q(meta__contains=key) | Q(meta__in=[key]) | Q(meta__like=f"{key}x"))) == []
        ), key
        if "_" not in key:
            assert await names(accounts.filter(**{f"meta__{key}__eq": position})) == ["all"], key
            assert (await maybe(accounts.order_by(f"-meta__{key}", "id").all()))[0] is not None
    assert await maybe(accounts.count()) == 2
