"""Sessions and queries: instances of models in, instances of models out.

Names are imported on first use; the sync classes are generated into `_sync.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.orm._sync import Query as Query
    from ferrow.orm._sync import QueryStream as QueryStream
    from ferrow.orm._sync import Session as Session
    from ferrow.orm._sync import SessionContext as SessionContext
    from ferrow.orm._sync import SessionScope as SessionScope
    from ferrow.orm._sync import SessionTransaction as SessionTransaction
    from ferrow.orm.context import AsyncSessionContext as AsyncSessionContext
    from ferrow.orm.context import create_session as create_session
    from ferrow.orm.context import session_context as session_context
    from ferrow.orm.explaining import PlanNode as PlanNode
    from ferrow.orm.explaining import QueryPlan as QueryPlan
    from ferrow.orm.loading.option import LoadOption as LoadOption
    from ferrow.orm.loading.option import joinedload as joinedload
    from ferrow.orm.loading.option import lazyload as lazyload
    from ferrow.orm.loading.option import noload as noload
    from ferrow.orm.loading.option import raiseload as raiseload
    from ferrow.orm.loading.option import selectinload as selectinload
    from ferrow.orm.q import Q as Q
    from ferrow.orm.query import AsyncQuery as AsyncQuery
    from ferrow.orm.relations.collection import ManyToManyCollection as ManyToManyCollection
    from ferrow.orm.result import ExecuteResult as ExecuteResult
    from ferrow.orm.result import ScalarResult as ScalarResult
    from ferrow.orm.row_result import RowResult as RowResult
    from ferrow.orm.scope import AsyncSessionScope as AsyncSessionScope
    from ferrow.orm.session import AsyncSession as AsyncSession
    from ferrow.orm.slice import Page as Page
    from ferrow.orm.slice import Slice as Slice
    from ferrow.orm.statements.delete import delete as delete
    from ferrow.orm.statements.elements import optional as optional
    from ferrow.orm.statements.insert import insert as insert
    from ferrow.orm.statements.select import select as select
    from ferrow.orm.statements.update import update as update
    from ferrow.orm.stream import AsyncQueryStream as AsyncQueryStream
    from ferrow.orm.transaction import AsyncSessionTransaction as AsyncSessionTransaction
    from ferrow.orm.upserted import Upserted as Upserted

_HOME = {
    "Query": "_sync",
    "QueryStream": "_sync",
    "Session": "_sync",
    "SessionContext": "_sync",
    "SessionScope": "_sync",
    "SessionTransaction": "_sync",
    "AsyncSessionContext": "context",
    "create_session": "context",
    "session_context": "context",
    "PlanNode": "explaining",
    "QueryPlan": "explaining",
    "LoadOption": "loading.option",
    "joinedload": "loading.option",
    "lazyload": "loading.option",
    "noload": "loading.option",
    "raiseload": "loading.option",
    "selectinload": "loading.option",
    "Q": "q",
    "AsyncQuery": "query",
    "ManyToManyCollection": "relations.collection",
    "ExecuteResult": "result",
    "ScalarResult": "result",
    "RowResult": "row_result",
    "AsyncSessionScope": "scope",
    "AsyncSession": "session",
    "Page": "slice",
    "Slice": "slice",
    "delete": "statements.delete",
    "insert": "statements.insert",
    "optional": "statements.elements",
    "select": "statements.select",
    "update": "statements.update",
    "AsyncQueryStream": "stream",
    "AsyncSessionTransaction": "transaction",
    "Upserted": "upserted",
}

__all__ = [
    "Session", "AsyncSession", "Query", "AsyncQuery", "SessionTransaction", "AsyncSessionTransaction", "create_session", "session_context",
    "SessionContext", "AsyncSessionContext", "SessionScope", "AsyncSessionScope", "Q", "select", "insert", "update", "delete", "optional", "ExecuteResult", "RowResult", "ScalarResult",
    "Page", "Slice", "Upserted", "QueryStream", "AsyncQueryStream", "QueryPlan", "PlanNode",
    "ManyToManyCollection", "LoadOption", "joinedload", "lazyload", "noload", "raiseload", "selectinload",
]  # fmt: skip

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), _HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
