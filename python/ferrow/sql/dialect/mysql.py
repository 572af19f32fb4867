"""MariaDB, 10.7 and later, in the session that `wire/mysql/session.py` sets up.

A placeholder is `?1`; `?*1` stands for the elements of a list. The wire writes the values there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from ferrow.errors import NotSupportedError, ProgrammingError
from ferrow.sql.dialect.base import Dialect
from ferrow.sql.dialect.mysql_calls import MOMENT, OTHER_KEY, THERE, MySQLCalls, place_of, words
from ferrow.sql.dialect.mysql_json import COLLATED, MYSQL_JSON
from ferrow.sql.dialect.mysql_lists import MySQLLists
from ferrow.sql.dialect.words import MYSQL_RESERVED
from ferrow.types import Enum, Integer, Json, ListOf, Numeric, PlainJson, SQLType, Text

if TYPE_CHECKING:
    from ferrow.sql.dialect.calls import Calls
    from ferrow.sql.dialect.json import JsonAnswers
    from ferrow.sql.dialect.lists import Lists
    from ferrow.sql.writer import Writer

# What CAST knows.
_CASTS = {
    "int": "signed",
    "float": "double",
    "text": "char",
    "bytes": "binary",
    "date": "date",
    "time": "time(6)",
    "timestamp": "datetime(6)",
    "timestamptz": "datetime(6)",
    "interval": "signed",
    "uuid": "uuid",
    "json": "char",
}

# Where the function's own result would have another type than on other databases.
_AGGREGATES = {
    ("sum", "int"): "CAST(SUM({distinct}{operand}){tail} AS signed)",
    ("avg", "int"): "CAST(AVG({distinct}{operand}){tail} AS double)",
    ("string_agg", ""): "GROUP_CONCAT({distinct}{first}{order} SEPARATOR {second}){tail}",
    ("array_agg", ""): "JSON_ARRAYAGG({distinct}{operand}{order}){tail}",
    ("json_agg", ""): "JSON_ARRAYAGG({distinct}{operand}{order}){tail}",
    ("json_agg", "json"): "JSON_ARRAYAGG({distinct}JSON_COMPACT({operand}){order}){tail}",
    (
        "json_agg",
        "bool",
    ): "JSON_ARRAYAGG({distinct}JSON_COMPACT(COALESCE(IF(({operand}) IS NULL, NULL, IF({operand}, 'true', 'false')), 'null')){order}){tail}",
}

_FUNCTIONS = frozenset(["char", "if", "insert", "left", "mod", "repeat", "replace", "right"])
_PLAN = ("id", "select_type", "table", "type", "possible_keys", "key", "key_len", "ref", "rows", "Extra")

_MET = "@`ferrow_met`"
"""Whether a row that is in the way meets the condition of its update."""


def lacks(what: str, instead: str) -> NoReturn:
    """Raise the error for what MariaDB has not got."""
    msg = f"mysql: MariaDB has no {what}; {instead}"
    raise NotSupportedError(msg)


class MySQL(Dialect):
    """MariaDB's answers."""

    name: ClassVar[str] = "mysql"
    nulls_first: ClassVar[str] = "ascending"
    reserved = MYSQL_RESERVED
    longest_name: ClassVar[int | None] = 64
    mark: ClassVar[str] = "`"
    filters: ClassVar[bool] = False
    returns_others: ClassVar[bool] = False
    returns_updates: ClassVar[bool] = False
    returns_untouched: ClassVar[bool] = True
    changes_with: ClassVar[bool] = False
    insert_clauses: ClassVar[tuple[str, ...]] = ("insert", "with", "values", "conflict", "returning")
    update_clauses: ClassVar[tuple[str, ...]] = ("with", "update", "from", "set", "where", "returning")
    bare_distances: ClassVar[bool] = True
    reads_as_of_start: ClassVar[bool] = True
    empty_row: ClassVar[str] = "() VALUES ()"
    derived: ClassVar[str] = " AS ferrow_rows"
    json: ClassVar[JsonAnswers] = MYSQL_JSON
    calls: ClassVar[Calls] = MySQLCalls()
    lists: ClassVar[Lists] = MySQLLists()

    def _check_name(self, identifier: str) -> None:
        super()._check_name(identifier)
        if identifier != identifier.strip():
            msg = f"the name {identifier!r} begins or ends with a space, which MariaDB takes away or refuses; leave it out"
            raise ProgrammingError(msg)
        if max(identifier) > "\uffff":
            msg = f"the name {identifier!r} has a character above U+FFFF, which MariaDB's names cannot have"
            raise ProgrammingError(msg)

    def function(self, identifier: str) -> str:
        """Functions that are reserved words stand bare: in quotes they would be others, which somebody has made."""
        return identifier if identifier in _FUNCTIONS else self.quote(identifier)

    def placeholder(self, number: int) -> str:
        """`?1`."""
        return f"?{number}"

    def cast(self, operand: str, type: SQLType) -> str:
        """`CAST(x AS double)`."""
        if type.kind == "bool":
            return f"(({operand}) <> 0)"
        if isinstance(type, Numeric):
            return f"CAST({operand} AS {type.name(self.name)})"
        if isinstance(type, ListOf):
            return f"CAST({operand} AS char)"
        if type.kind not in _CASTS:
            lacks(f"CAST to {type!r}", "convert in Python")
        return f"CAST({operand} AS {_CASTS[type.kind]})"

    def comparable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Documents are texts, and are made canonical."""
        return f"JSON_NORMALIZE({{}}) {COLLATED}" if isinstance(own, Json | PlainJson | ListOf) else None

    def sortable(self, own: SQLType, common: SQLType, *, leaf: bool) -> str | None:
        """Words of a list are in the list's order, as PostgreSQL's enumerated types are."""
        if isinstance(own, Enum):
            return place_of(own, "{}")
        return self.comparable(own, common, leaf=leaf)

    def in_list(self, operand: str, items: str, item: SQLType, *, negated: bool) -> str:
        """`x IN ?*1`, in place of which the wire writes the elements."""
        return f"{operand} {'NOT IN' if negated else 'IN'} {items.replace('?', '?*', 1)}"

    def like(self, operand: str, pattern: str, *, fold: bool) -> str:
        """`x LIKE ?1`; our collation minds case."""
        return f"LOWER({operand}) LIKE LOWER({pattern})" if fold else f"{operand} LIKE {pattern}"

    def matches(self, operand: str, pattern: str, *, fold: bool) -> str:
        """`x REGEXP ?1`, which is PCRE's language; its ends of words are said in another way than PostgreSQL's."""
        for own, other in ((r"\\m", "[[:<:]]"), (r"\\M", "[[:>:]]"), (r"\\y", r"\\b")):
            pattern = f"REPLACE({pattern}, '{own}', '{other}')"
        return f"{operand} REGEXP CONCAT('{'(?i)' if fold else '(?-i)'}', {pattern})"

    def aggregate(self, name: str, operand: SQLType, *, distinct: bool = False, separated: bool = False) -> str:
        """The function, cast where its own result type is another one."""
        if isinstance(operand, Enum) and name in ("min", "max"):
            place = f"{name}({{distinct}}{place_of(operand, '{operand}')}){{tail}}"
            return f"ELT({place}, {words(operand)})"
        said = _AGGREGATES.get((name, operand.kind)) or _AGGREGATES.get((name, ""))
        return said or super().aggregate(name, operand)

    def ordered(self, text: str, *, descending: bool, nulls: str | None) -> str:
        """`x IS NULL, x DESC`, since there are no words for it; NULLs are less than all else."""
        said = f"{text}{' DESC' if descending else ''}"
        if nulls is None or (nulls == "FIRST") != descending:
            return said
        return f"{text} IS NULL{' DESC' if nulls == 'FIRST' else ''}, {said}"

    def compared_query(self, text: str, *, limited: bool) -> str:
        """One in another if it has a LIMIT, which MariaDB does not take there itself."""
        return f"SELECT * FROM ({text}) AS ferrow_rows" if limited else text

    def distinct_from(self, left: str, right: str, *, negated: bool) -> str:
        """`<=>`."""
        return f"{left} <=> {right}" if negated else f"NOT ({left} <=> {right})"

    def joined(self, kind: str) -> str:
        """The words of a join."""
        if kind == "FULL":
            lacks("FULL JOIN", "combine a left and a right one with union()")
        return f"{kind} JOIN" if kind else "JOIN"

    def lateral(self) -> str:
        """MariaDB has none."""
        lacks("LATERAL subqueries", "use a scalar subquery per column, or a window function")

    def materialized(self, how: bool | None) -> str:
        """The server decides."""
        return "" if how is None else lacks("MATERIALIZED", "leave materialized= out")

    def other_row(self, name: str, value: str, offset: str, default: str, over: str) -> str:
        """By whether there is the row, since LAG and LEAD take no default."""
        return f"CASE WHEN {name}(1, {offset}){over} IS NULL THEN {default} ELSE {name}({value}, {offset}){over} END"

    def framed(self, unit: str, exclude: str | None) -> None:
        """ROWS and RANGE, and nothing left out."""
        if unit == "GROUPS" or exclude:
            lacks(f"frame {'GROUPS' if unit == 'GROUPS' else 'EXCLUDE'}", "frame by rows=")

    def value_rows(self, names: list[str], rows: list[list[str]], alias: str) -> str:
        """`(SELECT 1 AS id UNION ALL SELECT 2) AS v`: the columns of VALUES could not be named."""
        first, *rest = rows
        texts = [f"SELECT {', '.join([f'{value} AS {name}' for name, value in zip(names, first, strict=True)])}"]
        texts += [f"SELECT {', '.join(row)}" for row in rest]
        return f"({' UNION ALL '.join(texts)}) AS {alias}"

    def member(self, text: str, *, first: bool, compound: bool, plain: bool) -> str:
        """In parentheses unless it is a plain SELECT: INTERSECT would bind tighter than UNION."""
        return text if plain and not compound else f"({text})"

    def lock(self, strength: str, of: list[str], wait: str | None) -> str:
        """`FOR UPDATE NOWAIT`, `LOCK IN SHARE MODE SKIP LOCKED`."""
        if of:
            lacks("FOR UPDATE OF", "leave of= out: the rows of all tables are locked")
        if "KEY" in strength:
            lacks(f"FOR {strength}", "leave key_share= out: the stronger lock is held")
        words = "LOCK IN SHARE MODE" if strength == "SHARE" else f"FOR {strength}"
        return f"{words} {wait}" if wait else words

    def first_of_each(self, out: Writer, shape: Any) -> str | None:
        """By row_number(), since there is no DISTINCT ON."""
        from ferrow.sql.dialect.numbered import numbered

        return numbered(out, shape)

    def proposed(self, name: str) -> str:
        """`VALUES(name)`."""
        return f"VALUES({name})"

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
        """`ON DUPLICATE KEY UPDATE`, which knows no target: if the row that is in the way is another one, it fails."""
        if index is not None:
            lacks("unique indexes of some rows only", "make the index unique for all rows")
        nothing = sets is None
        if sets is None:
            if target is None:
                lacks("ON CONFLICT DO NOTHING for a row of defaults", "give it a value")
            sets = [(target[0], target[0])]
        if where:
            # Each assignment sees what those before it have set, so the condition is asked once, by the first.
            asked = f"({_MET} := ({where}))" if len(sets) > 1 else where
            sets = [
                (name, f"IF({_MET if place else asked}, {said}, {name})") for place, (name, said) in enumerate(sets)
            ]
        (name, said), *rest = sets
        if target and not anyone:
            met = " AND ".join([f"{one} <=> VALUES({one})" for one in target])
            said = f"IF({met}, {said}, {OTHER_KEY})"
        if told:
            said = f"IF(LENGTH({THERE} := {MOMENT}) = 0, {name}, {said})"
        sets = [(name, said), *rest]
        changes = ", ".join([f"{name} = {said}" for name, said in sets])
        return f"ON DUPLICATE KEY UPDATE {changes}{' /* nothing */' if nothing else ''}"

    def any_target(self, columns: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Any column serves, since all unique keys count."""
        return columns[:1] or None

    def updated_from(self, sources: str) -> str:
        """`UPDATE t CROSS JOIN s SET ...`."""
        return f"CROSS JOIN {sources}"

    def deleted(self, using: str, where: str) -> str:
        """`WHERE EXISTS (SELECT 1 FROM using WHERE where)`."""
        if using:
            where = f"EXISTS (SELECT 1 FROM {using} WHERE {where or 'TRUE'})"
        return f"WHERE {where}" if where else ""

    def explain(self, options: tuple[str, ...], *, tree: bool) -> str:
        """`EXPLAIN FORMAT=JSON`, or ANALYZE, which runs the statement."""
        others = [option for option in options if option != "ANALYZE"]
        if others:
            lacks(f"EXPLAIN {', '.join(others)}", "leave that out")
        return f"{'ANALYZE' if options else 'EXPLAIN'}{' FORMAT=JSON' if tree else ''}"

    def plan_columns(self, *, tree: bool) -> tuple[tuple[SQLType, ...], tuple[str, ...]]:
        """A row per table, or one document."""
        if tree:
            return (PlainJson(),), ("EXPLAIN",)
        return (Integer(), *[Text()] * (len(_PLAN) - 1)), _PLAN

    def limit(self, limit: str | None, offset: str | None) -> str:
        """`LIMIT ?1 OFFSET ?2`; an OFFSET must have a LIMIT."""
        if offset is None:
            return "" if limit is None else f"LIMIT {limit}"
        return f"LIMIT {limit or 2**64 - 1} OFFSET {offset}"


MYSQL = MySQL()
