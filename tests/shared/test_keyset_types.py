"""Keyset pagination over a column of every type that has an order, in every model style and both colours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any
from uuid import UUID

from tests.support import maybe

VALUES: dict[str, list[Any]] = {
    "flag": [True, False, None],
    "whole": [3, -(2**31), None, 7],
    "real": [0.1, -1e300, 1 / 3, None, float("inf")],
    "text": ["ä", "Z", "a", "", "a'\"\\%", None],
    "raw": [b"\x00\xff", b"", b"a", None],
    "day": [date(1, 1, 1), date(2024, 2, 29), None],
    "clock": [time(0, 0), time(23, 59, 59, 999999), None],
    "moment": [datetime(2024, 1, 1, 0, 0, 0, 1), datetime(1999, 12, 31), None],
    "instant": [
        datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(1999, 12, 31, tzinfo=UTC) + timedelta(hours=5),
        None,
    ],
    "token": [UUID(int=1), UUID(int=2**127), None],
    "amount": [Decimal("0.10"), Decimal("-12345678901234567890.123"), Decimal(100), None],
}


async def test_every_type(session: Any, models: ModuleType, backend: str) -> None:
    for name, values in VALUES.items():
        if backend == "mariadb" and name == "real":
            values = values[:-1]  # its floats are finite
        await maybe(session.insert_all([models.Sample(**{name: value}) for value in values]))
    samples = session.query(models.Sample)
    for name in VALUES:
        for term in (name, f"-{name}"):
            query = samples.order_by(term)
            expected = await maybe(query.order_by("id").values_list("id", flat=True))
            seen: list[int] = []
            cursor = None
            while True:
                piece = await maybe(query.after(cursor, size=7))
                seen += [sample.id for sample in piece]
                if (cursor := piece.next) is None:
                    break
            assert seen == expected, term
            seen = [sample.id for sample in piece]
            while piece.previous is not None:
                piece = await maybe(query.after(piece.previous, size=7))
                seen = [*[sample.id for sample in piece], *seen]
            assert seen == expected, term
