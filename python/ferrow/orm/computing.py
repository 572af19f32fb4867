"""What is computed from the rows of a query: values, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from ferrow.orm import reading, values
from ferrow.orm.choosing import AsyncChoosing
from ferrow.orm.generic import T1, T2, T3, T4, T5, T6, T7, T8, M, T

if TYPE_CHECKING:
    from decimal import Decimal

    from ferrow.sql import Expr


class AsyncComputing(AsyncChoosing[M]):
    """The part of a query that gives something else than instances."""

    __slots__ = ()

    # --- values ------------------------------------------------------------------------------------------------------

    async def values(self, *columns: str | Expr[Any], **named: Expr[Any] | str) -> list[dict[str, Any]]:
        """The rows as dicts by attribute name; columns by name or expression, all if none is given.

        Annotations come along. Where something is computed over many rows, as in `values("kind", n=func.count())`, there is
        one row per combination of the other columns.

        Args:
            columns: names, labels of annotations, expressions.
            named: more of them under names, as in `annotate`.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: two columns of one name; `label(...)` gives another. A column that differs within a group.
        """
        return await values.dicts(self._engine, self._plan, self._words, self._criteria, columns, named)

    # fmt: off
    @overload
    async def values_list(self, a: Expr[T1], /) -> list[tuple[T1]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], /) -> list[tuple[T1, T2]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], /) -> list[tuple[T1, T2, T3]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], /) -> list[tuple[T1, T2, T3, T4]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], /) -> list[tuple[T1, T2, T3, T4, T5]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], /) -> list[tuple[T1, T2, T3, T4, T5, T6]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], /) -> list[tuple[T1, T2, T3, T4, T5, T6, T7]]: ...
    @overload
    async def values_list(self, a: Expr[T1], b: Expr[T2], c: Expr[T3], d: Expr[T4], e: Expr[T5], f: Expr[T6], g: Expr[T7], h: Expr[T8], /) -> list[tuple[T1, T2, T3, T4, T5, T6, T7, T8]]: ...
    # fmt: on
    @overload
    async def values_list(
        self, *columns: str | Expr[Any], flat: Literal[False] = False, **named: Expr[Any] | str
    ) -> list[tuple[Any, ...]]: ...
    @overload
    async def values_list(self, column: Expr[T], /, *, flat: Literal[True]) -> list[T]: ...
    @overload
    async def values_list(self, *columns: str | Expr[Any], flat: bool, **named: Expr[Any] | str) -> list[Any]: ...
    async def values_list(self, *columns: str | Expr[Any], flat: bool = False, **named: Expr[Any] | str) -> list[Any]:
        """The rows as tuples, of columns as in `values`; with `flat`, the values of the one column asked for.

        Raises:
            UnknownColumn: the model has no such column.
            ProgrammingError: `flat` with another number of columns than one.
        """
        form = values.flat if flat else values.tuples
        return await form(self._engine, self._plan, self._words, self._criteria, columns, named)

    # --- numbers -----------------------------------------------------------------------------------------------------

    async def count(self) -> int:
        """How many rows there are; of groups, how many groups."""
        plan, criteria = self._plan, self._criteria
        prepared, given = reading.count(plan, self._words, criteria)
        result = await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)
        return reading.counted(result.rows[0], self._words, criteria)

    async def exists(self) -> bool:
        """Whether there is at least one row."""
        prepared, given = reading.exists(self._plan, self._words, self._criteria.at_most(1))
        return bool((await self._engine.run(prepared.sql, given, prepared.shape, prepared.kinds)).rows)

    @overload
    async def sum(self, column: Expr[T]) -> T | None: ...
    @overload
    async def sum(self, column: str) -> Any: ...
    async def sum(self, column: str | Expr[Any]) -> Any:
        """The sum of a column, exact for Decimals; None without values. Raises UnknownColumn, ProgrammingError if not numbers."""
        return await self._aggregate("sum", column)

    @overload
    async def avg(self, column: Expr[int] | Expr[int | None] | Expr[float] | Expr[float | None]) -> float | None: ...
    @overload
    async def avg(self, column: Expr[Decimal] | Expr[Decimal | None]) -> Decimal | None: ...
    @overload
    async def avg(self, column: str) -> Any: ...
    async def avg(self, column: str | Expr[Any]) -> Any:
        """The mean of a column: a Decimal for Decimals, else a float; None without values. Raises as `sum`."""
        return await self._aggregate("avg", column)

    @overload
    async def min(self, column: Expr[T]) -> T | None: ...
    @overload
    async def min(self, column: str) -> Any: ...
    async def min(self, column: str | Expr[Any]) -> Any:
        """The smallest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return await self._aggregate("min", column)

    @overload
    async def max(self, column: Expr[T]) -> T | None: ...
    @overload
    async def max(self, column: str) -> Any: ...
    async def max(self, column: str | Expr[Any]) -> Any:
        """The largest value of a column; None without values. Raises UnknownColumn, ProgrammingError for JSON."""
        return await self._aggregate("max", column)

    async def _aggregate(self, name: str, column: str | Expr[Any]) -> Any:
        statement = reading.aggregate(self._words, self._criteria, name, column)
        prepared = values.prepared_rows(self._plan, statement, statement.columns)
        result = await self._engine.run(prepared.sql, statement.values, prepared.shape, prepared.kinds)
        return result.rows[0][0]
