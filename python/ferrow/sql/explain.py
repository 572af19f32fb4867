"""How a database would run a statement."""

from __future__ import annotations

from typing import Any

from ferrow.sql.form.explain import EXPLAIN
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.statement import Statement


class Explain(Statement):
    """`EXPLAIN statement`: rows that describe the plan.

    On PostgreSQL one column: a text per line, or with `tree` one JSON document. On SQLite `id`, `parent`, `notused`, `detail`.
    """

    __slots__ = ()

    def __init__(
        self,
        statement: Statement,
        *,
        analyze: bool = False,
        verbose: bool = False,
        buffers: bool = False,
        settings: bool = False,
        tree: bool = False,
    ) -> None:
        """Explain a statement. `analyze` runs it, and what it writes is written; it and the options after it are PostgreSQL's."""
        chosen = (("ANALYZE", analyze), ("VERBOSE", verbose), ("BUFFERS", buffers), ("SETTINGS", settings))
        options: tuple[Any, ...] = tuple([word for word, wanted in chosen if wanted])
        set_shape(self, (EXPLAIN, options, bool(tree), statement.shape))
        set_values(self, statement.values)
