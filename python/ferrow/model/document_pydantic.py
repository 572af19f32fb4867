"""Pydantic models in documents. Only loaded for a class that is one."""

from __future__ import annotations

import json
from typing import Any

from ferrow.model.care import Care, Converter
from ferrow.model.unlike import unlike


def model(cls: Any, care: Care) -> Converter:
    """What makes instances of the class, with exact care of what is in a document just what it would write."""
    validate: Converter = cls.model_validate
    if care is not Care.EXACT:
        return validate
    known = None if cls.model_config.get("extra") == "allow" else names(cls)

    def strictly(document: Any) -> Any:
        if known is not None and isinstance(document, dict) and not document.keys() <= known:
            raise unlike(cls.__name__, document)
        # Python's values are validated more strictly than JSON's, where a date can only be a text.
        return cls.model_validate_json(json.dumps(document), strict=True)

    return strictly


def names(cls: Any) -> frozenset[str] | None:
    """The keys of its documents, by name and by alias; None of a model that is no object."""
    if getattr(cls, "__pydantic_root_model__", False):
        return None
    aliases = [
        (key, field.alias, field.serialization_alias, field.validation_alias) for key, field in cls.model_fields.items()
    ]
    return frozenset([alias for one in aliases for alias in one if isinstance(alias, str)])
