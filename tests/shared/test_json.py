"""Paths into documents, on real rows: jsonb, json and SQLite's texts alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ferrow import Q, column, columns, func, select
from ferrow.errors import DatabaseError, DataError, ProgrammingError, UnknownColumn
from tests.support import maybe
from tests.support.colours import Runner
from tests.support.documents import Item, account, settings

# What stands at one place is of every type somewhere; no comparison may fail because of another row.
DOCUMENTS: dict[str, Any] = {
    "premium": {"plan": "premium", "n": 5, "specs": {"weight": 1.5, "size": [10, 20]}, "tags": ["x", "y"], "vip": True},
    "free": {"plan": "free", "n": 2.5, "specs": {"weight": 1}, "tags": "xyz", "vip": False},
    "digits": {"plan": "5", "n": "5", "specs": [{"weight": 2}], "tags": [], "0": {"name": "zero"}},
    "number": {"plan": 5, "n": -1, "specs": None, "tags": [1, "50%_"], "vip": None},
    "large": {"plan": 5.0, "n": 10**30, "specs": {"weight": "heavy"}, "tags": [["x"], {"x": 1}]},
    "true": {"plan": True, "n": False, "specs": {}, "tags": {"x": "y"}},
    "null": {"plan": None, "n": None},
    "list": [{"plan": "inside"}, "premium", 5],
    "text": "premium",
    "empty": {},
}


@pytest.fixture
def model(style: str) -> Any:
    return account(style)


@pytest.fixture
def accounts(engine: Any, session_of: Any, model: Any, style: str, runner: Runner) -> Any:
    """A query over DOCUMENTS, each in both columns; two rows have settings."""
    rows = [model(name=name, meta=document, plain=document) for name, document in DOCUMENTS.items()]
    dark = settings(style, theme={"name": "dark", "size": 3}, level=7, items=[Item(Decimal("9.90"), date(2024, 2, 1))])
    light = settings(style, theme={"name": "light", "size": 12}, level=10, items=[Item(Decimal(10), date(2023, 9, 9))])
    rows[0].settings, rows[1].settings = dark, light

    async def prepare() -> None:
        await maybe(engine.create_all(model))
        await maybe(session_of.insert_all(rows))

    runner.run(prepare())
    return session_of.query(model)


@pytest.fixture
def session_of(engine: Any, colour: str) -> Any:
    from ferrow import AsyncSession, Session

    return (AsyncSession if colour == "async" else Session)(engine)


async def names(query: Any) -> list[str]:
    found: list[str] = await maybe(query.order_by("id").values_list("name", flat=True))
    return found


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


async def test_every_type_gives_its_value_or_null(accounts: Any, model: Any, mysql: bool) -> None:
    n = columns(model).meta["n"]
    rows = await maybe(
        accounts.order_by("id").values_list(n, n.as_text(), n.as_int(), n.as_float(), n.as_decimal(), n.as_bool())
    )
    assert rows[:7] == [
        (5, None, 5, 5.0, Decimal(5), None),
        (2.5, None, None, 2.5, Decimal("2.5"), None),
        ("5", "5", None, None, Decimal(5), None),
        (-1, None, -1, -1.0, Decimal(-1), None),
        (1e30 if mysql else 10**30, None, None, 1e30, Decimal(10**30), None),
        (False, None, None, None, None, False),
        (None, None, None, None, None, None),
    ]
    assert [list(map(type, row)) for row in rows[:2]] == [
        [int, type(None), int, float, Decimal, type(None)],
        [float, type(None), type(None), float, Decimal, type(None)],
    ]


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_values_and_order(accounts: Any, attribute: str, mysql: bool) -> None:
    plan = f"{attribute}__plan"
    known = accounts.filter(**{f"{plan}__isnull": False})
    assert await maybe(known.order_by(plan, "id").values_list("name", flat=True)) == [
        "digits", "free", "premium", "number", "large", "true",
    ]  # fmt: skip
    assert await maybe(known.order_by(f"-{plan}", "id").values_list(plan, flat=True)) == [
        True,
        5,
        5,
        "premium",
        "free",
        "5",
    ]
    n = f"{attribute}__n"
    numbers = known.filter(**{f"{n}__gt": -(10**40)}).order_by(n)
    large = 1e30 if mysql else 10**30  # its integers have 64 bits
    assert await maybe(numbers.values("name", n)) == [
        {"name": "number", n: -1}, {"name": "free", n: 2.5}, {"name": "premium", n: 5}, {"name": "large", n: large},
    ]  # fmt: skip
    first = await maybe(
        accounts.order_by(columns(account("dataclass")).meta["plan"].desc().nulls_first(), "id").first()
    )
    assert first.name == "null"
    assert (await maybe(accounts.order_by(f"{attribute}__1").values_list(f"{attribute}__1", flat=True))).count(
        None
    ) == 9


async def test_sums_and_means_are_numbers(accounts: Any, model: Any) -> None:
    weight = columns(model).meta["specs"]["weight"]
    assert await maybe(accounts.sum(weight.as_float())) == 2.5
    assert await maybe(accounts.avg(weight.as_float())) == 1.25
    assert await maybe(accounts.sum(weight.as_decimal())) == Decimal("2.5")
    assert await maybe(accounts.avg("id")) == 5.5
    assert await maybe(accounts.sum("id")) == 55
    assert await maybe(accounts.max(columns(model).meta["n"].as_int())) == 5
    assert await maybe(accounts.values(func.sum(weight.as_int()).label("total"))) == [{"total": 1}]
    with pytest.raises(ProgrammingError, match="as_float"):
        await maybe(accounts.sum("meta__n"))


async def test_documents_of_a_class(accounts: Any, model: Any, style: str) -> None:
    c = columns(model)
    for condition, expected in (
        (c.settings.path(lambda s: s.theme["name"]) == "dark", ["premium"]),
        (c.settings.path(lambda s: s.level) > 8, ["free"]),
        (c.settings.path(lambda s: s.items[0].price) == Decimal("9.9"), ["premium"]),
        (c.settings.path(lambda s: s.items[0].price) > Decimal("9.95"), ["free"]),
        (c.settings.path(lambda s: s.items[0].price).in_([Decimal("9.900"), Decimal(11)]), ["premium"]),
        (c.settings.path(lambda s: s.items[0].day) >= date(2024, 1, 1), ["premium"]),
        (c.settings.path(lambda s: s.owner).is_null() & c.settings.is_not_null(), ["premium", "free"]),
        (c.settings.path(lambda s: s.items).length() == 1, ["premium", "free"]),
        (column(model, lambda row: row.settings.theme["size"]) < 10, ["premium"]),
        (Q(settings__theme__name="dark"), ["premium"]),
        (Q(settings__level__gte=10), ["free"]),
        (Q(settings__items__0__price__lt=10), ["premium"]),
        (Q(settings__items__0__day__in=[date(2023, 9, 9)]), ["free"]),
        (Q(settings__theme={"name": "dark", "size": 3}), ["premium"]),
        (Q(settings__owner__level__isnull=True, settings__isnull=False), ["premium", "free"]),
    ):
        assert await names(accounts.filter(condition)) == expected, condition
    rows = await maybe(
        accounts.order_by("id").values_list("settings__items__0__price", "settings__items__0__day", "settings__items")
    )
    price, day, items = rows[0]
    assert (price, day) == (Decimal("9.90"), date(2024, 2, 1))
    assert type(price) is Decimal
    assert items[0].price == price
    assert rows[5] == (None, None, None)
    assert await maybe(
        accounts.order_by("-settings__theme__size", "id")
        .limit(1)
        .filter(settings__isnull=False)
        .values_list("name", flat=True)
    ) == ["free"]


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


async def test_columns_are_taken_wherever_a_column_is(accounts: Any, model: Any, session_of: Any) -> None:
    c = columns(model)
    age = column(model, lambda row: row.id)
    assert await names(accounts.filter(c.id <= 2).filter(age > 1)) == ["free"]
    assert await maybe(accounts.order_by(c.id.desc()).limit(1).values(c.name, age)) == [{"name": "empty", "id": 10}]
    assert await maybe(accounts.max(c.id)) == 10
    result = await maybe(session_of.execute(select(model).where(c.name == "free", c.meta["n"] > 2)))
    assert [row.name for row in result.scalars().all()] == ["free"]
    assert set(dir(c)) >= {"id", "name", "meta"}
    assert "settings" in repr(c)
    assert not hasattr(c, "_repr_html_")
    assert c["name"] is not None
    with pytest.raises(AttributeError):
        c.name = 1
    assert await maybe(accounts.filter(meta__plan="premium").update(name="first")) == 1
    assert await maybe(accounts.filter(c.meta["plan"] == 5).delete()) == 2
    assert (await names(accounts))[0] == "first"
    assert await maybe(accounts.count()) == 8


@pytest.mark.parametrize("attribute", ["meta", "plain"])
async def test_groups(accounts: Any, model: Any, attribute: str) -> None:
    plan = f"{attribute}__plan"
    known = accounts.filter(**{f"{plan}__isnull": False}).order_by(plan)
    counted = [("5", 1), ("free", 1), ("premium", 1), (5, 2), (True, 1)]
    for query in (known.values(plan, n=func.count()), known.group_by(plan).values(plan, n=func.count())):
        assert [(row[plan], row["n"]) for row in await maybe(query)] == counted
    assert await maybe(known.group_by(plan).count()) == 5
    assert await maybe(known.group_by(plan).exists())
    different = known.distinct().values_list(plan, flat=True)
    assert await maybe(different) == ["5", "free", "premium", 5, True]
    with pytest.raises(ProgrammingError, match="group"):
        await maybe(known.distinct().order_by("name").values_list(plan, flat=True))
    over = known.annotate(n=func.count()).group_by(plan).having(n__gt=1)
    assert await maybe(over.values(plan, "n")) == [{plan: 5, "n": 2}]
    text = columns(model)[attribute]["plan"].as_text()
    rows = await maybe(
        accounts.group_by(text).order_by(text.desc().nulls_last()).values(text.label("p"), n=func.count())
    )
    assert [(row["p"], row["n"]) for row in rows] == [("premium", 1), ("free", 1), ("5", 1), (None, 7)]


async def test_statements_give_places_as_their_class_says(accounts: Any, model: Any, session_of: Any) -> None:
    c = columns(model)
    price = c.settings.path(lambda s: s.items[0].price)
    statement = select(c.id, price, c.meta["plan"].label("plan")).where(c.id < 3).order_by(c.meta["plan"])
    rows = (await maybe(session_of.execute(statement))).all()
    assert rows == [(2, Decimal(10), "free"), (1, Decimal("9.90"), "premium")]
    assert all(type(row[1]) is Decimal for row in rows)


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


async def test_numbers_at_the_edges(accounts: Any, model: Any, session_of: Any, backend: str, mysql: bool) -> None:
    await maybe(accounts.delete())
    cases: list[tuple[Any, Any, Any, Any]] = [  # value, as_int, as_float, as_decimal
        (2**63 - 1, 2**63 - 1, float(2**63), Decimal(2**63 - 1)),
        (2**63, None, float(2**63), Decimal(2**63)),
        (-(2**63), -(2**63), -float(2**63), Decimal(-(2**63))),
        (10**400, None, None, Decimal(10**400)),
        (5e-324, None, 5e-324, Decimal("5e-324")),
        (-0.0, 0, 0.0, Decimal(0)),
        (1e15, 10**15, 1e15, Decimal(10**15)),
        ("1e5", None, None, Decimal(100000)),
        ("-12.50", None, None, Decimal("-12.5")),
        (".5", None, None, Decimal("0.5")),
        *[
            (text, None, None, None)
            for text in (
                "",
                ".",
                "-",
                "e5",
                "1e",
                "1e9999",
                " 5",
                "5 ",
                "1_0",
                "NaN",
                "Infinity",
                "0x1",
                "\u0663",
                "1,5",
                "1" * 2000,
            )
        ],
    ]
    if mysql:
        with pytest.raises(DatabaseError, match="too big"):
            await maybe(session_of.insert(model(meta={"n": 10**400}, plain={})))
        del cases[3]
    await maybe(session_of.insert_all([model(meta={"n": case[0]}, plain={"n": case[0]}) for case in cases]))
    for n in (columns(model).meta["n"], columns(model).plain["n"]):
        rows = await maybe(accounts.order_by("id").values_list(n.as_int(), n.as_float(), n.as_decimal()))
        if backend == "mariadb":  # whose decimals have 35 digits before the point and 30 after it
            small = (5e-324, None, 5e-324, Decimal(0))
            cases[3 : 4 if mysql else 5] = [small] if mysql else [(10**400, None, None, None), small]
        assert rows == [case[1:] for case in cases]


async def test_decimals_of_a_document_are_sorted_as_numbers(accounts: Any) -> None:
    """Documents keep them as texts, "9.90" and "10"."""
    sized = accounts.filter(settings__items__0__price__gt=0)
    for term, expected in (("settings__items__0__price", [0, 1]), ("-settings__items__0__price", [1, 0])):
        found = await maybe(sized.order_by(term).all())
        assert [["premium", "free"].index(one.name) for one in found] == expected
        first = await maybe(sized.order_by(term).after(size=1))
        rest = await maybe(sized.order_by(term).after(first.next, size=5))
        assert [one.name for one in (*first.items, *rest.items)] == [one.name for one in found]
