"""The functions that take SQL, and the block that groups calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from ferrow.crud import paging, raw
from ferrow.orm.generic import M

if TYPE_CHECKING:
    from ferrow.abc import Params
    from ferrow.crud.connections import AsyncConnections
    from ferrow.driver.isolation import Isolation
    from ferrow.engine.transaction import AsyncTransactionScope


class AsyncStatementFunctions:
    """The half of the functions that is not about one model."""

    __slots__ = ("_source",)

    if TYPE_CHECKING:
        _source: AsyncConnections

    # --- raw SQL -----------------------------------------------------------------------------------------------------

    @overload
    async def select_raw(self, query: str, params: Params = None, model_class: None = None) -> list[dict[str, Any]]: ...
    @overload
    async def select_raw(self, query: str, params: Params = None, *, model_class: type[M]) -> list[M]: ...
    @overload
    async def select_raw(self, query: str, params: Params, model_class: type[M]) -> list[M]: ...
    async def select_raw(self, query: str, params: Params = None, model_class: type[Any] | None = None) -> list[Any]:
        """The rows of an SQL statement: `await select_raw("SELECT * FROM users WHERE age > %s", [18])`.

        Args:
            query: the statement, with `%s`, or `%(name)s` and a dict; or with the database's own placeholders. `%%` is a percent
                sign where there are parameters. Also what `SQLBuilder` made.
            params: the values.
            model_class: rows become instances of it, found by the names of the columns; without it, dicts.

        Raises:
            ProgrammingError: wrong SQL, another number of parameters than placeholders, a statement without rows, a column that the
                model does not have.
            DataError: a value of another type than its field's.
        """
        engine = self._source._here()._engine
        return await raw.rows(engine, await raw.understood(query, params, engine), model_class)

    async def execute_raw(self, query: str, params: Params = None) -> int:
        """Run an SQL statement; returns how many rows it affected. Arguments and errors as for `select_raw`."""
        engine = self._source._here()._engine
        statement = await raw.understood(query, params, engine)
        result = await engine.run(statement.sql, statement.values, None, statement.kinds)
        return result.rowcount

    @overload
    async def paginate_raw(
        self, model_class: None, count_query: str, query: str, page: int, page_size: int, params: Params = None
    ) -> tuple[list[dict[str, Any]], int]: ...
    @overload
    async def paginate_raw(
        self, model_class: type[M], count_query: str, query: str, page: int, page_size: int, params: Params = None
    ) -> tuple[list[M], int]: ...
    async def paginate_raw(
        self,
        model_class: type[Any] | None,
        count_query: str,
        query: str,
        page: int,
        page_size: int,
        params: Params = None,
    ) -> tuple[list[Any], int]:
        """A page of an SQL statement, and how many rows another one counts, as of one moment.

        Args:
            model_class: rows become instances of it; None for dicts.
            count_query: a statement whose row has the number, in a column `total` or in its only one.
            query: the statement, without LIMIT; give it an ORDER BY.
            page: the number of the page, from 1 on.
            page_size: rows on a page, from 0 on.
            params: the values, for both statements.

        Raises:
            TypeError, ValueError: `page` or `page_size` is no such number.
            ProgrammingError, DataError: as `select_raw`.
        """
        engine = self._source._here()._engine
        return await paging.paginate_raw(engine, model_class, count_query, query, page, page_size, params)

    # --- transactions ------------------------------------------------------------------------------------------------

    def transaction(self, *, isolation: Isolation | None = None, readonly: bool = False) -> AsyncTransactionScope:
        """Group calls: as `ConnectionManager.transaction`, with its arguments, `isolation` and `readonly`, and its errors."""
        return self._source.transaction(isolation=isolation, readonly=readonly)
