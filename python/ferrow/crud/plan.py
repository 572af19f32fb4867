"""What the functions know about one model on one database."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ferrow.crud.naming import snake_case
from ferrow.model.called import table_called
from ferrow.orm.plan import plan_of

if TYPE_CHECKING:
    from ferrow.orm.plan import Plan
    from ferrow.sql import Dialect

M = TypeVar("M")


def plan_for(model: type[M], dialect: Dialect) -> Plan[M]:
    """The plan of a model, whose table is called by the convention of this room if nothing else says how.

    Raises:
        ModelError: not a model, or another face has described it under another name.
    """
    try:
        # Read from the class's own dictionary: a subclass is another model.
        return model.__dict__["__ferrow_functions__"][dialect.name]  # type: ignore[no-any-return]
    except (KeyError, AttributeError):
        known = getattr(model, "__dict__", {}).get("__ferrow_binding__")
        # A partial class has the binding of its model.
        table_called(model if known is None else known.model, snake_case)
        found = plan_of(model, dialect)
        plans = {**model.__dict__.get("__ferrow_functions__", {}), dialect.name: found}
        model.__ferrow_functions__ = plans  # type: ignore[attr-defined]
        return found


def described(model: type) -> type:
    """The model, described by the convention of this room. Raises as `plan_for`."""
    table_called(model, snake_case)
    return model
