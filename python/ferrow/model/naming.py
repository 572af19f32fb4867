"""What a table is called when the class does not say it."""

from __future__ import annotations

from ferrow.errors import ModelError

_EXPLICIT = ("__tablename__", "__table_name__", "__table__")


def plural(cls: type) -> str:
    """The default: the class name in lower case, with an s. `UserAccount` -> `useraccounts`."""
    return cls.__name__.lower() + "s"


def table_name(cls: type) -> str:
    """The name set on the class itself (never on a base: two classes are two tables), else `plural`."""
    for attribute in _EXPLICIT:
        name = cls.__dict__.get(attribute)
        if name is None:
            continue
        if not isinstance(name, str) or not name:
            raise ModelError(f"{cls.__qualname__}.{attribute} = {name!r} is not the name of a table: it must be text.")
        return unquoted(name)
    return plural(cls)


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
