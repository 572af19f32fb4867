"""The text of COPY statements. Options are literals there, not parameters, so each is checked before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ferrow.driver.given_sql import check_sql
from ferrow.errors import InterfaceError, NotSupportedError, ProgrammingError
from ferrow.identifier import checked_names, quoted, quoted_table

if TYPE_CHECKING:
    from ferrow.abc import Wire, World
    from ferrow.driver.connection import AsyncConnection

Format: TypeAlias = Literal["binary", "text", "csv"]

_FORMATS = ("binary", "text", "csv")
_SPACE = re.compile(r"(?:\s+|--[^\n\r]*[\n\r]|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"\w+")


class Options(NamedTuple):
    """How the data of a COPY are written; None is PostgreSQL's default."""

    format: Format = "binary"
    delimiter: str | None = None
    header: bool | None = None
    null: str | None = None
    quote: str | None = None

    def clause(self) -> str:
        """`WITH (FORMAT csv, HEADER true)`. Raises InterfaceError for an option that is none, or does not go with the format."""
        if self.format not in _FORMATS:
            raise InterfaceError(f"unknown format {self.format!r}: it is one of {', '.join(_FORMATS)}")
        words = [f"FORMAT {self.format}"]
        if self.delimiter is not None:
            words.append(f"DELIMITER {self._character('delimiter', self.delimiter)}")
        if self.header is not None:
            self._only("header", "text", "csv")
            if not isinstance(self.header, bool):
                raise InterfaceError(
                    f"header is True or False, not {self.header!r}; HEADER MATCH goes into a statement of your own: "
                    "copy_in(sql='COPY ... FROM STDIN WITH (FORMAT csv, HEADER MATCH)', source=...)"
                )
            words.append(f"HEADER {'true' if self.header else 'false'}")
        if self.null is not None:
            self._only("null", "text", "csv")
            if not isinstance(self.null, str) or "\r" in self.null or "\n" in self.null:
                raise InterfaceError(f"null must be a str without line ends, not {self.null!r}")
            words.append(f"NULL {literal(self.null)}")
        if self.quote is not None:
            self._only("quote", "csv")
            words.append(f"QUOTE {self._character('quote', self.quote)}")
        return f"WITH ({', '.join(words)})"

    def _character(self, name: str, value: object) -> str:
        self._only(name, "text", "csv")
        if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in "\0\r\n":
            raise InterfaceError(f"{name} must be one ASCII character that is no line end, not {value!r}")
        return literal(value)

    def _only(self, name: str, *formats: str) -> None:
        if self.format not in formats:
            raise InterfaceError(
                f"{name} goes with format {' or '.join(repr(known) for known in formats)}, not with {self.format!r}"
            )


def copier(conn: AsyncConnection) -> tuple[Wire, World]:
    """What a COPY of this connection goes through. Raises NotSupportedError on SQLite."""
    wire, world = conn.wire, conn._world
    assert world is not None
    if wire.dialect != "postgresql":
        raise NotSupportedError(
            "COPY is PostgreSQL's. On SQLite write with run_many(), which is one transaction for all rows, and read with stream()"
        )
    return wire, world


@contextmanager
def naming(table: str | None, schema: str | None) -> Iterator[None]:
    """Whatever says that there is no such table tells those who wrote `schema.table` how it is written here."""
    try:
        yield
    except ProgrammingError as error:
        if error.sqlstate == "42P01" and error.hint is None and schema is None and table and "." in table:
            first, _, rest = table.partition(".")
            error.hint = f"A dot is a part of a name: for the table {rest} of the schema {first} write {rest!r}, schema={first!r}."
        raise


def literal(text: str) -> str:
    """A string constant that means `text` whatever `standard_conforming_strings` says. Raises InterfaceError for NUL."""
    if "\0" in text:
        raise InterfaceError(f"{text!r} contains the NUL character, which PostgreSQL does not accept")
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def listed(columns: Sequence[str]) -> str:
    """`"id", "name"`. Raises ProgrammingError for what cannot be a list of columns."""
    return ", ".join(quoted(name, "column") for name in checked_names(columns, "column"))


def copy_from(table: str, schema: str | None, columns: Sequence[str] | None, options: Options) -> str:
    """`COPY "table" ("column", ...) FROM STDIN WITH (...)`."""
    target = quoted_table(table, schema)
    names = "" if columns is None else f" ({listed(columns)})"
    return f"COPY {target}{names} FROM STDIN {options.clause()}"


def select(table: str, schema: str | None, columns: Sequence[str] | None) -> str:
    """The query whose result has the columns of a COPY."""
    names = "*" if columns is None else listed(columns)
    return f"SELECT {names} FROM {quoted_table(table, schema)}"


def copy_query(query: str, options: Options) -> str:
    """`COPY (query) TO STDOUT WITH (...)`: also of views and partitioned tables, which COPY does not take by name."""
    # The line end ends a comment, which would swallow the parenthesis.
    return f"COPY ({query.rstrip().rstrip(';')}\n) TO STDOUT {options.clause()}"


def with_texts(query: str, texts: Sequence[bool]) -> str:
    """The same query with some of its columns as the text that the server writes.

    A cast to text may be another function than the one that writes values, which format() calls. And a composite of nothing
    but NULLs is a value, though IS NULL.
    """
    names = [f"c{number}" for number in range(1, len(texts) + 1)]
    columns = [
        f"CASE WHEN {name} IS DISTINCT FROM NULL THEN pg_catalog.format('%s', {name}) END" if is_text else name
        for name, is_text in zip(names, texts, strict=True)
    ]
    return f"WITH q({', '.join(names)}) AS ({query.rstrip().rstrip(';')}\n) SELECT {', '.join(columns)} FROM q"


@contextmanager
def telling_of_texts(columns: Sequence[str], texts: Sequence[bool]) -> Iterator[None]:
    """A query that writes in a WITH of its own cannot be asked for texts: whoever wrote it can."""
    try:
        yield
    except NotSupportedError as error:
        if error.sqlstate == "0A000" and error.hint is None and any(texts):
            names = ", ".join(name for name, is_text in zip(columns, texts, strict=True) if is_text)
            error.hint = (
                f"What has no binary form ({names}) is asked for as text in a query around yours: "
                "cast it to text yourself, or write the data-modifying statement without a WITH."
            )
        raise


def is_copy(sql: str) -> bool:
    """Whether the first word of a statement is COPY."""
    start = _SPACE.match(sql)
    word = _WORD.match(sql, start.end() if start else 0)
    return word is not None and word[0].upper() == "COPY"


def other_encoding(sql: str) -> str | None:
    """The ENCODING option of a COPY, unless it is UTF-8 or missing."""
    options = re.split(r"\bSTD(?:IN|OUT)\b", sql, flags=re.IGNORECASE)[-1]
    said = re.search(r"\bENCODING\s+(?:E?'([^']*)'|\"?([\w-]+))", options, re.IGNORECASE)
    name = None if said is None else said[1] or said[2]
    return None if name is None or re.sub(r"\W|_", "", name).upper() in ("UTF8", "UNICODE") else name


def check_copy(sql: str, end: Literal["STDIN", "STDOUT"]) -> str:
    """The statement, if it can be a COPY FROM STDIN, or TO STDOUT. Raises ProgrammingError."""
    check_sql(sql)
    if is_copy(sql) and re.search(rf"\b{end}\b", sql, re.IGNORECASE):
        return sql
    way = "FROM STDIN" if end == "STDIN" else "TO STDOUT"
    raise ProgrammingError(f"the statement is no COPY ... {way}; others go through query() and execute(): {sql!r}")
