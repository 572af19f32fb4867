"""How a database is asked about its tables. Nothing waits here: a reading yields questions and is sent the rows.

reading = tables(dialect, None, "users")
rows = None
while True:
    question = reading.send(rows)       # StopIteration: its value is the list of FoundTable
    rows = ...                          # of question.sql and question.params, as tuples
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ferrow.errors import NotSupportedError
from ferrow.schema.introspect.question import Question, Reading, Rows

if TYPE_CHECKING:
    from ferrow.sql.dialect.base import Dialect

__all__ = ["Question", "Reading", "Rows", "tables"]

_HOME = {"postgresql": "postgresql", "sqlite": "sqlite", "mysql": "mysql"}


def tables(dialect: Dialect, schema: str | None = None, name: str | None = None) -> Reading:
    """Read the tables and views of a schema, or the one called `name`, if there is one.

    `schema` None is the one in which the connection creates tables. Raises NotSupportedError for a dialect that is not known here.
    """
    from importlib import import_module

    home = _HOME.get(dialect.name)
    if home is None:
        raise NotSupportedError(f"reading tables is not supported for {dialect.name!r}; supported: {', '.join(_HOME)}.")
    reading: Reading = import_module(f"ferrow.schema.introspect.{home}").tables(
        schema, name, *filter(None, [dialect.variety])
    )
    return reading
