"""Functions of the database: `func.count()`, `func.lower(User.name)`, `func.rank().over(order_by=User.age.desc())`.

A function has the same meaning and the same type of result on every database; where it cannot, its docstring says so.

| | |
|---|---|
| texts | `lower` `upper` `length` `trim` `ltrim` `rtrim` `replace` `substr` `concat` |
| numbers | `abs` `sign` `round` `ceil` `floor` `sqrt` `power` |
| one of several values | `coalesce` `nullif` `greatest` `least` |
| dates and times | `now` `current_date` `date_trunc` `extract` |
| over many rows | `count` `sum` `avg` `min` `max` `string_agg` `array_agg` `json_agg` |
| over a window | `row_number` `rank` `dense_rank` `percent_rank` `cume_dist` `ntile` `lag` `lead` `first_value` `last_value` `nth_value` |
| any other | `call` |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors.nearest import nearest
from ferrow.sql.func.aggregate import array_agg, avg, count, json_agg, max, min, string_agg, sum
from ferrow.sql.func.choice import coalesce, greatest, least, nullif
from ferrow.sql.func.moment import current_date, date_trunc, extract, now
from ferrow.sql.func.named import call
from ferrow.sql.func.number import abs, ceil, floor, power, round, sign, sqrt
from ferrow.sql.func.ranking import (
    cume_dist,
    dense_rank,
    first_value,
    lag,
    last_value,
    lead,
    nth_value,
    ntile,
    percent_rank,
    rank,
    row_number,
)
from ferrow.sql.func.text import concat, length, lower, ltrim, replace, rtrim, substr, trim, upper

__all__ = [
    "abs", "array_agg", "avg", "call", "ceil", "coalesce", "concat", "count", "cume_dist", "current_date", "date_trunc",
    "dense_rank", "extract", "first_value", "floor", "greatest", "json_agg", "lag", "last_value", "lead", "least", "length",
    "lower", "ltrim", "max", "min", "now", "nth_value", "ntile", "nullif", "percent_rank", "power", "rank", "replace", "round",
    "row_number", "rtrim", "sign", "sqrt", "string_agg", "substr", "sum", "trim", "upper",
]  # fmt: skip

if not TYPE_CHECKING:  # for checkers an unknown name is a mistake already

    def __getattr__(name: str) -> object:
        msg = (
            f"func has no {name!r}; a function of the database that is none of these is "
            f"func.call({name!r}, ..., type=...). {nearest(name, __all__)}"
        )
        raise AttributeError(msg)
