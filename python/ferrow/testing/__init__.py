"""What Ferrow tests itself with, for the tests of programs that use it.

`EmbeddedPostgres` starts a PostgreSQL server of one's own (extra `ferrow[embedded]`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ferrow.testing.postgres import EmbeddedPostgres, EmbeddedPostgresError, data_home

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "data_home"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ferrow.testing import postgres

        return getattr(postgres, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
