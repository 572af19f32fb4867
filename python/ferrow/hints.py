"""What the database cannot know of a mistake: how it is written here. Hints of `ferrow.errors`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set

model_of: Callable[[str, str | None], str | None] | None = None
"""Gives the name of the model with this table, in this schema; None if there is none. Whoever knows models puts it here."""

junction_of: Callable[[str], str | None] | None = None
"""Says what to do about this table, if a relation names it as its junction, or a foreign key refers to it; None if none does."""

model_with: Callable[[str, str], str | None] | None = None
"""The same for a model with this column whose table this SQL names."""

_WITHOUT_PARAMETERS = {
    "SET": "SET takes no parameters: write SELECT set_config('name', $1, false), for SET LOCAL true in the place of false.",
    "NOTIFY": "NOTIFY takes no parameters: call notify(), or write SELECT pg_notify($1, $2).",
}
"""Statements that people give parameters, by their first word: what to write instead."""

_FORMAT = "Here placeholders are $1, $2, ...; %s and %(name)s are for cursors, with parameters."
_PRINTED = re.compile(r"%[a-z(]")
_PERCENT = re.compile(r"%(s\b|\(\w+\)s)")
_IN = re.compile(r"\bIN\s*[?$:@]", re.IGNORECASE)
_WORD = r"(?:\"(?:[^\"]|\"\")+\"|\w+)"
_NUMBERED = re.compile(r"\$(\d+)")
_LACKING = re.compile(r"(?:no such column: (?:.+\.)?|table .+ has no column named )(.+)")
_CONFLICT = re.compile(
    rf"INSERT\s+INTO\s+(?:{_WORD}\.)?({_WORD}).*\sON\s+CONFLICT\s*\(({_WORD}(?:\s*,\s*{_WORD})*)\)",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r'(?:("(?:[^"]|"")+"|\w+)\.)?("(?:[^"]|"")+"|\w+)')


def of_postgresql(code: str, position: int | None, query: str, message: str) -> str | None:
    """For an error with this SQLSTATE, at this character (from 1) of the text that was sent; None if there is nothing to say."""
    if code == "25P02":
        return "An earlier statement in this transaction failed: end it with rollback(). Run what may fail in a nested transaction()."
    if code == "42P01":  # the error for a foreign key's target has no position
        named = _NAME.match(query, position - 1) if position is not None else _NAME.search(message, message.find('"'))
        return _of_missing(named)
    if (
        code in ("42703", "42883")
        and position is not None
        and _PERCENT.search(query, max(0, position - 8), position + 8)
    ):
        return _FORMAT  # `id=%s` is parsed as an operator and a column `s`
    if code in ("42P02", "42P18"):
        return _of_placeholders(code, query)
    if code == "42703" and position is not None and (named := _NAME.match(query, position - 1)) is not None:
        return of_lacking(_plain(named[2]), query)
    if code == "42P10":
        return _of_conflict(query)
    if code != "42601":
        return None
    if position is None:  # "cannot insert multiple commands into a prepared statement", in any language
        return "One statement at a time; script() runs several." if ";" in query else None
    before, after = query[: position - 1].rstrip(), query[position - 1 :]
    if _PRINTED.match(after):
        return _FORMAT
    if after.startswith(":") and not after.startswith("::"):
        return "Here placeholders are $1, $2, ...; :name is for cursors and execute_raw(), with a dict of parameters."
    if before.endswith("?"):
        if "sqlite_master" in query:  # pandas takes every connection that is not SQLAlchemy's for sqlite3's
            return "DataFrame.to_sql wants an engine of SQLAlchemy: create_engine('postgresql+ferrow://...'); or call copy_in() with the rows."
        return "Here placeholders are $1, $2, ..."
    if after.startswith("$"):
        if before.upper().endswith((" IN", "\nIN")):
            return "IN takes no list as a parameter: write = ANY($1), for NOT IN <> ALL($1)."
        return _WITHOUT_PARAMETERS.get(before.split(None, 1)[0].upper() if before else "")
    return None


def _of_placeholders(code: str, query: str) -> str | None:
    """For a placeholder that there is not, or of which nobody can say what it is."""
    numbers = {int(number) for number in _NUMBERED.findall(query)}
    if code == "42P02":
        return "Placeholders are numbered from $1." if 0 in numbers else None
    missing = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
    if numbers and missing < max(numbers):
        return f"Placeholders are numbered $1, $2, ... without gaps: ${missing} is nowhere in the text."
    return "Say of which type it is, as in $1::text."


def of_sqlite(message: str, query: str) -> str | None:
    """For an error with this message; None if there is nothing to say."""
    if lacking := _LACKING.match(message):
        return of_lacking(lacking[1], query)
    if message.startswith("no such table: "):
        table = message.removeprefix("no such table: ")
        schema, _, rest = table.partition(".")
        return of_missing(table) or of_missing(rest, None if schema == "main" else schema)
    if message.startswith("ON CONFLICT clause does not match"):
        return _of_conflict(query)
    if message.startswith(('near "?', 'near "$', 'near ":', 'near "@')) and _IN.search(query):
        return "IN takes no list as a parameter: write IN (SELECT value FROM json_each(?))."
    if message.startswith('near "%"'):
        return "Here placeholders are ?, ?1 or :name; %s and %(name)s are for cursors, with parameters."
    return None


def of_missing(table: str, schema: str | None = None) -> str | None:
    """For a missing table; None if no model has it, nor a relation or a foreign key names it."""
    model = None if model_of is None else model_of(table, schema)
    if model is None:
        return None if junction_of is None else junction_of(table)
    return f"It is the table of {model}, which the engine's create_all({model}) makes."


def _of_missing(found: re.Match[str] | None) -> str | None:
    """The same for a match of `_NAME`."""
    if found is None:
        return None
    return of_missing(_plain(found[2]), found[1] and _plain(found[1]))


def of_lacking(column: str, query: str) -> str | None:
    """For a missing column; None if no model has it."""
    model = None if model_with is None else model_with(column, query)
    if model is None:
        return None
    return (
        f"{model} has it. If its table is older: create_all() leaves a table that exists as it is, ensure_schema(engine, {model}) of "
        "ferrow.repository adds what it lacks."
    )


def _of_conflict(query: str) -> str | None:
    """For ON CONFLICT with columns that are no key; None if the text does not say which."""
    found = _CONFLICT.search(query)
    if found is None:
        return None
    columns = [_plain(name) for name in re.findall(_WORD, found[2])]
    way = "mapped_column(unique=True)" if len(columns) == 1 else f"UniqueConstraint({', '.join(map(repr, columns))})"
    return (
        f"{_plain(found[1])} has no unique constraint on ({', '.join(columns)}), by which to recognise a row: declare it, {way}, and add it to the "
        "table; or name columns that have one."
    )


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


_PASS_TEXT = "pass its text, and values as parameters"
_STATEMENTS = {
    "ferrow": "what select(), insert() and their kind made is run by session.execute(), a query by its all()",
    "sqlalchemy": "what SQLAlchemy made is run by its own connections; of text() pass str()",
    "psycopg": f"{_PASS_TEXT}; its as_string() gives it",
    "psycopg2": f"{_PASS_TEXT}; its as_string() gives it",
    "string": f"{_PASS_TEXT}: placeholders, not strings put together, keep values apart from SQL",
    "pathlib": "pass its read_text()",
    "bytes": "decode() it",
    "bytearray": "decode() it",
    "list": "several are run one by one, or by execute_batch()",
    "tuple": "several are run one by one, or by execute_batch()",
}
"""What to do with a statement that is no text, by the package that its type is from, or by the type."""


def no_statement(sql: object) -> str:
    """What is wrong with a statement that is no text."""
    kind = type(sql)
    words = f"a statement is a str, not {kind.__name__}"
    fix = _STATEMENTS.get(kind.__name__ if kind.__module__ == "builtins" else kind.__module__.partition(".")[0])
    return words if fix is None else f"{words}; {fix}"


def no_parameters(params: object, by_name: bool = False) -> str:
    """What is wrong with parameters that are no sequence; `by_name`: a mapping would do as well."""
    wanted = "a list or tuple of values" + (", or a mapping of names to values" if by_name else "")
    ordered = isinstance(params, Iterable) and not isinstance(params, (str, bytes, bytearray, memoryview, Set))
    fix = "pass list() of it" if ordered else "write [value] for a single one"
    return f"parameters are {wanted}, not {type(params).__name__}; {fix}"


def wrong_names(names: Iterable[str], params: Mapping[str, object], place: str = "") -> str:
    """What is wrong with values that are given by name, of a statement that takes those of `names`."""
    names = list(dict.fromkeys(names))
    missing = [name for name in names if name not in params]
    extra = [name for name in params if name not in names]
    said = [
        f"{what} {', '.join(map(repr, which))}"
        for what, which in (("no value for", missing), ("no placeholder for", extra))
        if which
    ]
    takes = ", ".join(map(repr, names)) or "none"
    return f"the parameters do not fit the statement{place}: {'; '.join(said)}. It takes {takes}"


def no_rows(rows: object, call: str, single: str) -> str | None:
    """What is wrong with rows of parameters that `call` gets, if anything is; `single`: the call for one row."""
    if type(rows) is list or type(rows) is tuple:
        return None
    if (frame := of_frame(rows)) is not None:
        return frame
    if isinstance(rows, (str, bytes, bytearray, Mapping)) or not isinstance(rows, Iterable):
        return f"{call} takes a list of rows of parameters, not {type(rows).__name__}; for a single row there is {single}()"
    return None


def of_frame(rows: object) -> str | None:
    """What to do with a DataFrame of pandas or Polars; None for anything else."""
    for call in ("itertuples(index=False)", "iter_rows()"):
        if hasattr(rows, call.partition("(")[0]):
            return f"a {type(rows).__name__} gives its columns one by one, not its rows: pass its {call}, and None for what is missing"
    return None
