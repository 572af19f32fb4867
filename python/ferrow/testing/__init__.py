"""What Ferrow tests itself with, for the tests of programs that use it.

`EmbeddedPostgres` starts a PostgreSQL server of one's own (extra `ferrow[embedded]`). `no_n_plus_one` finds loops that send one
statement for each of many rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.lazy import lazy

if TYPE_CHECKING:
    from ferrow.testing.n_plus_one import no_n_plus_one
    from ferrow.testing.postgres import EmbeddedPostgres, EmbeddedPostgresError, data_home

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "data_home", "no_n_plus_one"]

if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name
    __getattr__ = lazy(__name__, globals(), dict.fromkeys(__all__, "postgres") | {"no_n_plus_one": "n_plus_one"})


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
