"""Rounding and moving sums of any numbers: what Python's decimal says, on every database."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from random import Random
from typing import Any

from ferrow import Base, Mapped, func, mapped_column
from ferrow.sql import literal
from ferrow.types import Double, Numeric
from tests.support import maybe

EXACT = Context(prec=200)


class Amount(Base):
    __tablename__ = "rounding_amounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Decimal | None]


def decimals(chance: Random, count: int) -> list[Decimal]:
    return [Decimal(chance.randint(-(10**12), 10**12)).scaleb(-chance.randint(0, 12)) for _ in range(count)] + [
        Decimal(text) for text in ("0", "0.5", "-0.5", "1.5", "2.5", "-2.50", "1e-30", "99999999999999999999.5")
    ]


async def computed(engine: Any, session: Any, exprs: list[Any]) -> list[Any]:
    await maybe(engine.create_all(Amount))
    await maybe(session.query(Amount).delete())
    await maybe(session.insert(Amount(value=None)))
    found: list[Any] = []
    for start in range(0, len(exprs), 100):
        labelled = [expr.label(f"x{n}") for n, expr in enumerate(exprs[start : start + 100])]
        (row,) = await maybe(session.query(Amount).values_list(*labelled))
        found += row
    return found


async def test_decimals(engine: Any, session: Any, backend: str) -> None:
    chance = Random(5)
    cases = [(value, chance.randint(-4, 10)) for value in decimals(chance, 150)]
    exprs: list[Any] = []
    expected: list[Decimal] = []
    for value, places in cases:
        given = literal(value, Numeric())
        exprs += [func.round(given, places), func.ceil(given), func.floor(given), func.abs(given)]
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
        expected += [
            rounded.quantize(Decimal(1)) if places < 0 else rounded,
            value.quantize(Decimal(1), ROUND_CEILING, EXACT),
            value.quantize(Decimal(1), ROUND_FLOOR, EXACT),
            abs(value),
        ]
    found = await computed(engine, session, exprs)
    for case, (one, other) in zip(
        [case for case in cases for _ in range(4)], zip(found, expected, strict=True), strict=True
    ):
        assert one == other, case
        if backend != "mariadb":  # which does not know how many places were written
            assert max(-one.as_tuple().exponent, 0) == max(-other.as_tuple().exponent, 0), case


async def test_floats(engine: Any, session: Any) -> None:
    chance = Random(5)
    values = [chance.uniform(-1e6, 1e6) for _ in range(150)] + [2.675, 1.005, 0.5, -2.5, 1e300, -0.0, 5e-324]
    # Its first 15 digits end where the half begins.
    cases = [(value, chance.randint(-3, 8)) for value in values] + [(-177629.18928093475, 8)]
    found = await computed(engine, session, [func.round(literal(value, Double()), places) for value, places in cases])
    for (value, places), one in zip(cases, found, strict=True):
        digits = Decimal(f"{value:.15g}")
        assert one == float(digits.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=400))), (
            value,
            places,
        )
        assert type(one) is float


async def test_moving_sums(engine: Any, session: Any, backend: str) -> None:
    await maybe(engine.create_all(Amount))
    chance = Random(5)
    values: list[Decimal | None] = [
        *decimals(chance, 60),
        None,
        Decimal("NaN"),
        *decimals(chance, 10),
        Decimal("Infinity"),
        *decimals(chance, 5),
    ]
    mariadb = backend == "mariadb"
    if mariadb:  # whose decimals are finite
        values = [value for value in values if value is None or value.is_finite()]
    await maybe(session.insert_all([Amount(value=value) for value in values]))
    moving = func.sum(Amount.value).over(order_by=Amount.id, rows=(-2, 1))

    found = await maybe(session.query(Amount).order_by("id").values_list(moving.label("x"), flat=True))

    for n, one in enumerate(found):
        window = [value for value in values[max(n - 2, 0) : n + 2] if value is not None]
        total = Decimal(0)
        for value in window:
            total = EXACT.add(total, value)
        if total.is_nan() or total.is_infinite():
            assert str(one) == str(total), n
        else:
            places = max(max(-int(value.as_tuple().exponent), 0) for value in window)
            assert one == total, n
            assert mariadb or -one.as_tuple().exponent == places, n
