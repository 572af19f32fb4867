"""Columns that many models have: when a row was deleted, made and changed, and how often it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from ferrow.model.mapped import Mapped
from ferrow.model.options import mapped_column


def _now() -> Any:
    from ferrow.sql import func  # only what updates needs it

    return func.now()


# As `func.now()` says it, which the columns' values are compared with.
_SERVER = {
    "postgresql": "now()",
    "mysql": "CURRENT_TIMESTAMP",
    "sqlite": "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))",
}


class SoftDeleteMixin:
    """Rows that are marked instead of deleted: `class Article(SoftDeleteMixin, Base)`.

    Queries, `get`, relations and what counts leave marked rows out; `query.with_deleted()`, `only_deleted()` and
    `get(..., include_deleted=True)` show them. `session.soft_delete`, `remove` and `query.delete()` mark, `session.restore` takes the
    mark away, `session.force_delete` deletes. Dataclasses and Pydantic models say `soft_delete=True` of a column of theirs instead.

    Attributes:
        deleted_at: when it was deleted, in UTC; None: it was not.
    """

    __soft_delete__: ClassVar[bool] = True

    deleted_at: Mapped[datetime | None] = mapped_column(default=None, index=True, timezone=True, soft_delete=True)

    @property
    def is_deleted(self) -> bool:
        """Whether it is marked as deleted."""
        return self.deleted_at is not None

    def mark_deleted(self) -> None:
        """Set `deleted_at` to now. The row changes when the instance is written; `session.soft_delete` does both."""
        self.deleted_at = datetime.now(UTC)

    def mark_restored(self) -> None:
        """Set `deleted_at` to None. The row changes when the instance is written; `session.restore` does both."""
        self.deleted_at = None


class TimestampMixin:
    """When a row was made and last changed, by the clock of the database: `class Article(TimestampMixin, Base)`.

    Attributes:
        created_at: set by the server when the row is inserted, in UTC.
        updated_at: the same, and set again by every UPDATE made through sessions, queries and `ferrow.update`; raw SQL sets it itself.
    """

    created_at: Mapped[datetime] = mapped_column(timezone=True, server_default=_SERVER)
    updated_at: Mapped[datetime] = mapped_column(timezone=True, server_default=_SERVER, on_update=_now)


class VersionMixin:
    """How often a row was changed: `class Article(VersionMixin, Base)`. A row that somebody else has changed is not written over: StaleRow.

    Attributes:
        version: 1 for a new row, one more after each change.
    """

    version: Mapped[int] = mapped_column(version=True)
