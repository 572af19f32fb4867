"""Window functions and aggregates over windows, in each row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ferrow import func
from ferrow.sql import Expr
from tests.support.expressions.things import T

WINDOWS: list[tuple[Expr[Any], list[Any]]] = [
    (func.row_number().over(order_by=T.id.desc()), [3, 2, 1]),
    (func.rank().over(order_by=T.price.desc()), [2, 3, 1]),
    (func.dense_rank().over(partition_by=T.id, order_by=T.id), [1, 1, 1]),
    (func.percent_rank().over(order_by=T.id), [0.0, 0.5, 1.0]),
    (func.cume_dist().over(order_by=T.id), [0.3333333333333333, 0.6666666666666666, 1.0]),
    (func.ntile(2).over(order_by=T.id), [1, 1, 2]),
    (func.lag(T.name).over(order_by=T.id), [None, "Äpfel ß", "  beta "]),
    (func.lead(T.price, 1, Decimal(0)).over(order_by=T.id), [Decimal("-7.50"), Decimal("100.00"), Decimal("0")]),
    (func.first_value(T.name).over(order_by=T.id, rows=(1, None)), ["  beta ", "gamma", None]),
    (func.last_value(T.name).over(order_by=T.id, rows=(None, None)), ["gamma", "gamma", "gamma"]),
    (func.nth_value(T.name, 2).over(order_by=T.id, rows=(None, None)), ["  beta ", "  beta ", "  beta "]),
    (func.sum(T.price).over(order_by=T.id), [Decimal("1.25"), Decimal("-6.25"), Decimal("93.75")]),
    (func.sum(T.price).over(order_by=T.id, rows=(-1, 0)), [Decimal("1.25"), Decimal("-6.25"), Decimal("92.50")]),
    (
        func.avg(T.price).over(order_by=T.id, rows=(-1, 0)),
        [Decimal("1.25000000000000000000"), Decimal("-3.1250000000000000"), Decimal("46.2500000000000000")],
    ),
    (func.max(T.price).over(order_by=T.id, rows=(0, 1)), [Decimal("1.25"), Decimal("100.00"), Decimal("100.00")]),
    (func.sum(T.id).over(order_by=T.id, range=(-1, 1)), [3, 6, 5]),
    (func.sum(T.w).over(order_by=T.w, range=(-1.5, 0)), [2.675, -1.5, -1.5]),
    (func.sum(T.id).over(order_by=T.id, groups=(0, 1), exclude="current row"), [2, 3, None]),
    (func.count().filter(T.n > 0).over(), [1, 1, 1]),
]
