"""Rows of models that have the same attributes in every style, but for some that one style lacks."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tests.support import maybe


def filled(model: Any, values: dict[str, Any]) -> Any:
    """An instance with the id 1 and those of the values that the model has attributes for."""
    names = model.model_fields if issubclass(model, BaseModel) else model.__annotations__
    return model(id=1, **{name: value for name, value in values.items() if name in names})


async def store(session: Any, engine: Any, model: Any, values: dict[str, Any]) -> None:
    """Create the table, and insert such an instance."""
    await maybe(engine.create_all(model))
    await maybe(session.insert(filled(model, values)))
