"""The placeholders of PEP 249 become those of the database.

A statement may use the database's own (`$1` on PostgreSQL; `?`, `?1`, `@name` on SQLite), `:1`, `:name`, `%s` or `%(name)s`. It uses one
style; which one, its text says. In the last two `%%` is a percent sign, everywhere in the statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ferrow.driver.effects import begins
from ferrow.driver.tokens import Token, tokens
from ferrow.errors import ProgrammingError
from ferrow.hints import no_parameters, no_rows, no_statement, wrong_names
from ferrow.lexical import database

_BY_POSITION = ("numeric", "format")
_PERCENT = ("format", "pyformat")
_LONGEST = 20_000  # characters of a statement that is worth remembering; a longer one is rarely sent twice


class Translated(NamedTuple):
    """A statement as the database takes it."""

    sql: str
    names: tuple[str, ...] | None
    """The names of the values it takes, in its order; None if values are handed on as they come."""
    by_name: bool
    """Whether the database takes the mapping itself."""
    begins: bool
    """Whether it belongs into a transaction; see `effects`."""

    def values(self, params: Any) -> Any:
        """The values in the order of the placeholders. Raises ProgrammingError for missing and extra names."""
        names = self.names
        if names is None:
            return params
        try:
            if len(params) == len(names):
                values = tuple([params[name] for name in names])
                return params if self.by_name else values
        except (KeyError, TypeError):
            pass  # the next line says what is wrong
        raise _wrong_names(names, params)

    def rows(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The values of each row. Raises as `values`; the error knows the number of the row."""
        if self.names is None:
            return rows
        found = []
        for row in rows:
            try:
                found.append(self.values(row))
            except ProgrammingError as error:
                error.row = len(found) + 1
                error.add_note(f"in row {error.row}")
                raise
        return found


def translated(reading: str, sql: str, params: Any) -> Translated:
    """The statement for one row of parameters; None stands for no parameters, and then the text stays as it is. `reading`: see
    `lexical.GRAMMARS`.

    Raises ProgrammingError for mixed styles, for parameters of the wrong kind for the style, and for what is no statement at all.
    """
    if not isinstance(sql, str):
        raise ProgrammingError(no_statement(sql))
    if type(params) is tuple or type(params) is list:  # asking an ABC first would take longer than all the rest
        kind = "values"
    elif isinstance(params, str | bytes | bytearray):
        raise ProgrammingError(no_parameters(params, True))
    else:
        kind = "none" if params is None else "names" if isinstance(params, Mapping) else "values"
    if len(sql) > _LONGEST:
        return _translate.__wrapped__(reading, sql, kind)
    return _translate(reading, sql, kind)


def listed(rows: Any) -> list[Any]:
    """The rows of parameters of `executemany`. Raises ProgrammingError for what is no list of rows, a single row for example."""
    if (wrong := no_rows(rows, "executemany", "execute")) is not None:
        raise ProgrammingError(wrong)
    return [*rows]


@lru_cache(maxsize=1024)
def _translate(reading: str, sql: str, kind: str) -> Translated:
    found = tokens(sql, reading)
    dialect = database(reading)
    if kind == "none":
        return Translated(sql, None, False, begins(dialect, _words(found)))
    every = [*found]
    placeholders = [token for token in every if token.kind != "word"]
    effect = begins(dialect, _words(every))
    style = _style(placeholders)
    if style in ("", "native"):
        return Translated(sql, None, False, effect)
    if (style in _BY_POSITION) == (kind == "names"):
        wanted = "a list or tuple of" if style in _BY_POSITION else "a mapping of names to"
        given = "a mapping" if kind == "names" else "a sequence"
        raise ProgrammingError(f"the placeholder {placeholders[0].text} takes {wanted} values, not {given}")
    mark = "$" if dialect == "postgresql" else "?"
    if style == "numeric":
        return Translated(
            _written(sql, placeholders, lambda token: f"{mark}{int(token.text[1:])}"), None, False, effect
        )
    if style == "format":
        numbers = iter(range(1, len(placeholders) + 1))
        return Translated(_written(sql, placeholders, lambda token: f"{mark}{next(numbers)}"), None, False, effect)
    names = {_name(token): None for token in placeholders}
    by_name = dialect == "sqlite" and all(map(_is_name, names))
    native = {name: f":{name}" if by_name else f"{mark}{number}" for number, name in enumerate(names, 1)}
    text = sql if by_name and style == "named" else _written(sql, placeholders, lambda token: native[_name(token)])
    return Translated(text, tuple(names), by_name, effect)


def _words(found: Iterable[Token]) -> Iterable[str]:
    return (token.text.upper() for token in found if token.kind == "word")


def _style(placeholders: Sequence[Token]) -> str:
    """The style of a statement; empty if it has no placeholders."""
    styles = {token.kind: token.text for token in reversed(placeholders)}
    if len(styles) > 1:
        raise ProgrammingError(
            f"the statement mixes placeholders of {len(styles)} styles: {' and '.join(reversed(styles.values()))}. Use one of them "
            "throughout; put a space behind a colon or percent sign that is none"
        )
    return next(iter(styles), "")


_is_name = re.compile(r"[^\W\d]\w*").fullmatch
"""What SQLite takes behind a colon, and `tokens` does. (`%(first name)s` has to be a number.)"""


def _name(token: Token) -> str:
    return token.text[1:] if token.kind == "named" else token.text[2:-2]


def _written(sql: str, placeholders: Sequence[Token], native: Callable[[Token], str]) -> str:
    """The text with its placeholders replaced, which may not run into the words around them."""
    percent = placeholders[0].kind in _PERCENT
    parts = []
    position = 0
    for token in placeholders:
        between = sql[position : token.start]
        before = " " if _wordlike(sql[token.start - 1 : token.start]) else ""
        after = " " if _wordlike(sql[token.end : token.end + 1]) else ""
        parts += [between.replace("%%", "%") if percent else between, before, native(token), after]
        position = token.end
    rest = sql[position:]
    return "".join([*parts, rest.replace("%%", "%") if percent else rest])


def _wordlike(character: str) -> bool:
    return character.isalnum() or character in ("_", "$")


def _wrong_names(names: tuple[str, ...], params: Any) -> ProgrammingError:
    if not isinstance(params, Mapping):
        return ProgrammingError(f"placeholders by name take a mapping of names to values, not {type(params).__name__}")
    return ProgrammingError(wrong_names(names, params))
