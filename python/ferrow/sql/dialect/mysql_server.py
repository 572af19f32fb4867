"""MySQL's own servers, 8.4 and later: what they say in other words than MariaDB. (See `ferrow.wording`.)"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from ferrow.errors import NotSupportedError
from ferrow.sql.dialect.mysql import MySQL
from ferrow.sql.dialect.mysql_server_calls import MySQLServerCalls
from ferrow.sql.dialect.mysql_server_json import DOCUMENT, MYSQL_SERVER_JSON
from ferrow.sql.dialect.mysql_server_lists import MySQLServerLists
from ferrow.sql.dialect.mysql_steps import in_order, steps
from ferrow.sql.dialect.words import MYSQL_RESERVED, MYSQL_SERVER_RESERVED
from ferrow.types import Json, ListOf, Numeric, PlainJson, SQLType
from ferrow.wording import Steps

if TYPE_CHECKING:
    from ferrow.sql.dialect.calls import Calls
    from ferrow.sql.dialect.json import JsonAnswers
    from ferrow.sql.dialect.lists import Lists
    from ferrow.sql.writer import Writer

# JSON_ARRAYAGG knows no order and no DISTINCT. Each value is written as JSON writes it.
_LIST = "CAST(CONCAT('[', GROUP_CONCAT({distinct}JSON_EXTRACT(JSON_ARRAY(%s), '$[0]'){order}), ']') AS json){tail}"
_AGGREGATES = {
    "array_agg": _LIST % "{operand}",
    "json_agg": _LIST % "{operand}",
    "json_agg json": _LIST % "CAST({operand} AS json)",
    "json_agg bool": _LIST % "CAST(IF(({operand}) IS NULL, NULL, IF({operand}, 'true', 'false')) AS json)",
    "array_agg bool": _LIST % "CAST(IF(({operand}) IS NULL, NULL, IF({operand}, 'true', 'false')) AS json)",
}


def lacks(what: str, instead: str) -> NoReturn:
    """Raise the error for what MySQL has not got."""
    msg = f"mysql: MySQL has no {what}; {instead}"
    raise NotSupportedError(msg)


class MySQLServer(MySQL):
    """MySQL's answers."""

    variety: ClassVar[str] = "server"
    reserved: ClassVar[frozenset[str]] = MYSQL_RESERVED | MYSQL_SERVER_RESERVED
    json: ClassVar[JsonAnswers] = MYSQL_SERVER_JSON
    calls: ClassVar[Calls] = MySQLServerCalls()
    lists: ClassVar[Lists] = MySQLServerLists()

    def steps(self, out: Writer, shape: Any) -> Steps:
        """What is returned is read again, in the same transaction."""
        return steps(out, shape)

    def assigned(self, pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """Each assignment sees those before it, so what reads a column comes before what sets it."""
        return in_order(pairs)

    def cast(self, operand: str, type: SQLType) -> str:
        """A uuid is its text; there is a type for documents."""
        if type.kind == "uuid":
            return f"CAST({operand} AS char(36))"
        if isinstance(type, ListOf) or type.kind == "json":
            return f"CAST({operand} AS json)"
        if isinstance(type, Numeric):
            return f"CAST({operand} AS {type.name(self.name)})"
        return super().cast(operand, type)

    def comparable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Documents are compared as such; a parameter is a text first."""
        return DOCUMENT if isinstance(own, Json | PlainJson | ListOf) else None

    def sortable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Documents in the order in which ORDER BY has them; the server's own is another one."""
        if isinstance(own, Json | PlainJson | ListOf):
            return self.json.order(DOCUMENT.format("{0}"))
        return super().sortable(own, common, leaf=leaf)

    def matches(self, operand: str, pattern: str, *, fold: bool) -> str:
        """`x REGEXP ?1`, in ICU's language."""
        for own in (r"\\m", r"\\M", r"\\y"):
            pattern = rf"REPLACE({pattern}, '{own}', '\\b')"
        return f"{operand} REGEXP CONCAT('{'(?i)' if fold else '(?-i)'}', {pattern})"

    def aggregate(self, name: str, operand: SQLType, *, distinct: bool = False, separated: bool = False) -> str:
        """Lists are put together from the texts of their elements."""
        said = _AGGREGATES.get(f"{name} {operand.kind}") or _AGGREGATES.get(name)
        return said or super().aggregate(name, operand, distinct=distinct, separated=separated)

    def lock(self, strength: str, of: list[str], wait: str | None) -> str:
        """`FOR SHARE NOWAIT`."""
        words = super().lock(strength, of, wait)
        return words.replace("LOCK IN SHARE MODE", "FOR SHARE", 1)

    def conflict(
        self,
        target: list[str] | None,
        sets: list[tuple[str, str]] | None,
        where: str,
        index: str | None = None,
        *,
        told: bool = False,
        anyone: bool = False,
    ) -> str:
        """As on MariaDB. Whether the row is a new one is said by the number of changed rows."""
        return super().conflict(target, sets, where, index, told=False, anyone=anyone)

    def explain(self, options: tuple[str, ...], *, tree: bool) -> str:
        """`EXPLAIN FORMAT=TRADITIONAL`, a row per table; how it went is said as a tree only."""
        others = [option for option in options if option != "ANALYZE"]
        if others:
            lacks(f"EXPLAIN {', '.join(others)}", "leave that out")
        if options and tree:
            lacks("EXPLAIN ANALYZE as a document", "leave the format or the analysis out")
        return "EXPLAIN ANALYZE" if options else f"EXPLAIN FORMAT={'JSON' if tree else 'TRADITIONAL'}"


MYSQL_SERVER = MySQLServer()
