"""The model behind `relationship(secondary=...)`: given as a class, or found by its table's or its own name."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError
from ferrow.model.binding import is_model, table_of
from ferrow.model.naming import table_name
from ferrow.model.references import references
from ferrow.model.registry import everyone

if TYPE_CHECKING:
    from ferrow.model.relation import Relation
    from ferrow.model.table import Table


def junction_table(relation: Relation) -> Table | None:
    """The junction's table; None if a name was given that no model has. Raises ModelError if several have it, or for no model."""
    given = relation.secondary
    if not isinstance(given, str):
        return table_of(given)  # type: ignore[arg-type]
    models = _called(given, relation)
    if len(models) > 1:
        owner, target = table_of(relation.owner), table_of(relation.target)
        joining = [model for model in models if _joins(table_of(model), owner, target)]
        models = joining or models
        near = [model for model in models if model.__module__ == relation.owner.__module__]
        models = near or models
        around = relation.owner.__qualname__.rpartition(".")[0]
        beside = [model for model in models if model.__qualname__.rpartition(".")[0] == around]
        models = beside or models
    if len(models) > 1:
        places = ", ".join(sorted(f"{model.__module__}.{model.__qualname__}" for model in models))
        raise ModelError(
            f"{relation.label}: several models have the junction table {given!r}: {places}. Give the class itself: secondary=..."
        )
    return table_of(models[0]) if models else None


def check(relation: Relation) -> None:
    """Raise ModelError if the name of a junction that no model has is nearly that of a declared one between the same tables.

    A table that no model declares may well be there; one that differs from a declared junction by a letter is a slip.
    """
    given = relation.secondary
    if not isinstance(given, str) or _called(given, relation):
        return
    owner, target = table_of(relation.owner), table_of(relation.target)
    names: dict[str, type] = {}
    for model in dict.fromkeys(_known(relation)):
        names.setdefault(model.__name__, model)
        names[table_name(model)] = model
    for near in get_close_matches(given.rpartition(".")[2], names, n=5, cutoff=0.8):
        model = names[near]
        if _joins(table_of(model), owner, target):
            raise ModelError(
                f"{relation.label}: secondary={given!r} is the table of no model. Did you mean {near!r}? {model.__qualname__} is the junction "
                f"of {owner.name} and {target.name}: give the class, relationship(secondary={model.__name__}). If another table is meant, "
                "declare a model for it, and give that."
            )


def check_all(tables: Iterable[Table]) -> None:
    """`check` for the relations of these tables, but for those to models that are declared later."""
    for table in tables:
        for relation in table.relations.values():
            if isinstance(relation.secondary, str) and _is_declared(relation):
                check(relation)


def _is_declared(relation: Relation) -> bool:
    try:
        return is_model(relation.target)
    except ModelError:
        return False


def _joins(table: Table, owner: Table, target: Table) -> bool:
    return bool(references(table, owner) and references(table, target))


def _called(name: str, relation: Relation) -> list[type]:
    """The models whose table is called so; if there is none, those whose class is."""
    models = list(dict.fromkeys(_known(relation)))
    plain = name.rpartition(".")[2]
    return [model for model in models if table_name(model) == plain] or [
        model for model in models if model.__name__ == name
    ]


def _known(relation: Relation) -> Iterator[type]:
    """Registered models, and those in the modules of both sides: a dataclass is registered only when it is first used."""
    yield from everyone()
    for cls in (relation.owner, relation.target):
        module = sys.modules.get(cls.__module__)
        spaces: tuple[dict[str, Any], ...] = (module.__dict__ if module is not None else {},)
        for space in (*spaces, cls.__dict__.get("__ferrow_locals__") or {}):
            yield from [found for found in list(space.values()) if is_model(found)]
