"""What a table is called when the class does not say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ferrow.errors import ModelError

Convention: TypeAlias = Callable[[type], str]
"""How a face calls the table of a class that has no name of its own."""

EXPLICIT = ("__tablename__", "__table_name__", "__table__")
"""Where a class says the name of its table."""


def plural(cls: type) -> str:
    """The default: the class name in lower case, with an s. `UserAccount` -> `useraccounts`."""
    return cls.__name__.lower() + "s"


def singular(cls: type) -> str:
    """What repositories call a table: the class name in lower case. `UserAccount` -> `useraccount`."""
    return cls.__name__.lower()


def table_name(cls: type, convention: Convention = plural) -> str:
    """The name set on the class itself (never on a base: two classes are two tables), else what `default_name` makes of the class's."""
    for attribute in EXPLICIT:
        name = cls.__dict__.get(attribute)
        if name is None and (generic := cls.__dict__.get("__pydantic_generic_metadata__")):
            # `Box[int]` is a class that nobody wrote: the name is where `Box` is.
            name = getattr(generic["origin"], "__dict__", {}).get(attribute)
        if name is None:
            continue
        if not isinstance(name, str) or not name:
            raise ModelError(f"{cls.__qualname__}.{attribute} = {name!r} is not the name of a table: it must be text.")
        return unquoted(name)
    return default_name(cls, convention)


def default_name(cls: type, convention: Convention = plural) -> str:
    """What `__naming__["table"]` makes of the class, else the convention. Raises ModelError if it makes no text."""
    if not hasattr(cls, "__naming__"):
        return convention(cls)
    from ferrow.model.convention import conventions

    name_it = conventions(cls).get("table")
    if name_it is None:
        return convention(cls)
    if not callable(name_it):
        raise ModelError(
            f'__naming__["table"] of {cls.__qualname__} is {name_it!r}; it is called with the class, and gives the name.'
        )
    name = name_it(cls)
    if not isinstance(name, str) or not name:
        raise ModelError(f'__naming__["table"] of {cls.__qualname__} gave {name!r}, which is not the name of a table.')
    return name


def naming_of(cls: type) -> dict[str, str] | None:
    """How the indexes and constraints of the class's table are called. Raises ModelError for what cannot be understood."""
    if not hasattr(cls, "__naming__"):
        return None
    from ferrow.model.convention import patterns

    return patterns(cls)


def comment_of(cls: type) -> str | None:
    """The table's comment: `__comment__`, on the class itself."""
    comment = cls.__dict__.get("__comment__")
    if comment is not None and not isinstance(comment, str):
        raise ModelError(f"{cls.__qualname__}.__comment__ = {comment!r} is not a comment: it must be text.")
    return comment


def schema_name(cls: type) -> str | None:
    """The schema, inherited: `__schema__ = "app_data"`."""
    name = getattr(cls, "__schema__", None)
    if name is not None and (not isinstance(name, str) or not name):
        raise ModelError(
            f"{cls.__qualname__}.__schema__ = {name!r} is not the name of a schema: it must be text or None."
        )
    return None if name is None else unquoted(name)


def unquoted(name: str) -> str:
    """The name inside quotes that the user wrote himself: `'"users_table"'` -> `users_table`."""
    if len(name) > 2 and name[0] == name[-1] == '"':
        return name[1:-1].replace('""', '"')
    return name
