"""Field types only Pydantic understands (URLs, secrets, its own network types): stored as what their JSON schema says."""

from __future__ import annotations

from typing import Any

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.travel import Travel
from ferrow.types import Boolean, Double, Integer, Json, SQLType, Text

_BY_SCHEMA: dict[str, SQLType] = {
    "string": Text(),
    "integer": Integer(),
    "number": Double(),
    "boolean": Boolean(),
    "array": Json(),
    "object": Json(),
}


def by_schema(annotation: Annotation, declared: SQLType | None) -> Travel:
    """Find a type through Pydantic. Reading such a column goes through the model's validator.

    Raises ModelError if Pydantic does not know one either.
    """
    from pydantic import TypeAdapter

    python = annotation.resolve().python
    if hasattr(python, "get_secret_value"):
        return Travel(declared or Text(), python, lambda value: value.get_secret_value(), python)
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(python)
        sql_type = declared or _of_schema(adapter.json_schema(mode="serialization"))
    except Exception:
        raise ModelError(
            f"{annotation.where}: no SQL type is known for {python!r}, and its JSON schema does not name one. "
            "Give the field one: Annotated[..., mapped_column(type_=...)]."
        ) from None

    def encode(value: Any) -> Any:
        return adapter.dump_python(value, mode="json")

    return Travel(sql_type, python, encode, validated=True)


def _of_schema(schema: dict[str, Any]) -> SQLType:
    return _BY_SCHEMA[schema.get("type", "object" if "$ref" in schema else "")]
