"""The metadata keys `fk` and `codec` of mini_orm, and unknown keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from ferrow.errors import ModelError
from ferrow.model.annotation import Annotation
from ferrow.model.foreign_key import ForeignKey


class WrongMetadata(ModelError, ValueError):
    """A metadata key says what it cannot."""


class WrongMetadataType(ModelError, TypeError):
    """A metadata key says something of another type than it takes."""


def foreign_key(target: Any, metadata: Mapping[str, Any], where: str) -> ForeignKey:
    """The foreign key: `"user.id"`, `(User, "id")`, `{"model": User, "column": "id"}` or `{"table": "user"}`.

    Raises:
        WrongMetadata: (a ValueError) text without a table and a column, or another number of parts.
        WrongMetadataType: (a TypeError) something else, a column that is no name, or a class that is no model.
    """
    if isinstance(target, ForeignKey):
        return target
    if isinstance(target, str):
        parts = target.split(".")
        if not all(parts) or len(parts) not in (2, 3):
            raise WrongMetadata(
                f"{where}: fk string must have format 'table.column', e.g. 'user.id'. It is {target!r}."
            )
    else:
        target = _pair(target, where)
    return ForeignKey(
        target,
        ondelete=metadata.get("ondelete", metadata.get("on_delete")),
        onupdate=metadata.get("onupdate", metadata.get("on_update")),
    )


def _pair(target: Any, where: str) -> tuple[Any, str]:
    from ferrow.model.binding import is_model

    if isinstance(target, Mapping):
        target = (target.get("model", target.get("table")), target.get("column", "id"))
    if not isinstance(target, Sequence):
        raise WrongMetadataType(f"{where}: fk must be 'table.column', (Model, 'column') or a mapping, not {target!r}.")
    if len(target) != 2:
        raise WrongMetadata(f"{where}: fk sequence must have two items, (Model, 'column'), not {target!r}.")
    model, column = target
    if not isinstance(column, str) or not column:
        raise WrongMetadataType(f"{where}: the column of fk must be a non-empty string, not {column!r}.")
    if not (isinstance(model, str) and model) and not is_model(model):
        raise WrongMetadataType(
            f"{where}: the model of fk must be a dataclass or another model, or a table's name, not {model!r}."
        )
    return model, column


def codec(said: Any, annotation: Annotation) -> str:
    """The codec, "json" or "enum".

    Raises:
        WrongMetadata: (a ValueError) another one, or "enum" for what is no enumeration.
        WrongMetadataType: (a TypeError) no text.
    """
    where = annotation.where
    if not isinstance(said, str):
        raise WrongMetadataType(f"{where}: codec must be text, 'json' or 'enum', not {said!r}.")
    word = said.strip().lower()
    if word not in ("json", "enum"):
        raise WrongMetadata(f"{where}: unsupported codec {said!r}. Supported codecs: 'json', 'enum'.")
    if word == "enum":
        resolved = annotation.resolve()
        if not resolved.unknown and not (isinstance(resolved.python, type) and issubclass(resolved.python, Enum)):
            raise WrongMetadata(
                f"{where}: codec 'enum' is for enumerations, and it is annotated as {resolved.python!r}."
            )
    return word


# Keys that are no options of columns: the rules of `ferrow.repository.ValidatedModel`.
_MORE = (
    "name", "column", "foreign_key", "ondelete", "on_delete", "onupdate", "type", "codec",
    "required", "non_empty", "choices", "pattern", "min_len", "max_len", "validator",
)  # fmt: skip
_ALIKE = 0.85


def doubt(metadata: Mapping[Any, Any], options: Iterable[str], where: str) -> None:
    """Warn of keys that look like a misspelt one of ours. No error: metadata may hold keys of other packages."""
    if metadata.keys() <= (known := {*options, *_MORE}):
        return
    from difflib import get_close_matches
    from warnings import warn

    for key in metadata:
        close = get_close_matches(key, known, n=1, cutoff=_ALIKE) if isinstance(key, str) and key not in known else None
        if close:
            warn(f"{where}: the metadata key {key!r} is not one of Ferrow's. Did you mean {close[0]!r}?", stacklevel=2)
