"""What is raised for values that are not valid: all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ferrow.errors import Error


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong: `field` is its name (None: it is about several), `message` a sentence, `rule` the key that asks for it.

    `rule` is "type" for the annotation, else the metadata key (`ge`, `pattern`, ...), or None for what `model_validate` says.
    """

    field: str | None
    message: str
    rule: str | None = None

    def __str__(self) -> str:
        return self.message


class ValidationError(Error, ValueError):
    """Values that a `ValidatedModel` does not take. Its text says all that is wrong; `errors` lists it.

        raise ValidationError("end must come after start")

    Args:
        message: what is wrong, in words.
        errors: the same, one by one; None: just the message.
    """

    errors: list[FieldError]

    def __init__(self, message: str, errors: Iterable[FieldError] | None = None) -> None:
        super().__init__(message)
        self.errors = [FieldError(None, message)] if errors is None else list(errors)

    @property
    def fields(self) -> list[str]:
        """Names of the fields that are wrong, each once."""
        return list(dict.fromkeys(one.field for one in self.errors if one.field is not None))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.errors)


def together(label: str, errors: Sequence[FieldError]) -> ValidationError:
    """One error for all that is wrong with a `label`."""
    said = " ".join(one.message for one in errors)
    return ValidationError(said if len(errors) == 1 else f"{label} has {len(errors)} errors: {said}", errors)
