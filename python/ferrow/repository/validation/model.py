"""The base class of dataclasses that check their values."""

from __future__ import annotations

from typing import Any

from ferrow.repository.validation.error import together
from ferrow.repository.validation.plan import plan_of


class ValidatedModel:
    """A base for dataclasses whose instances are checked when they are made, by their annotations and their metadata.

        @dataclass
        class CreateUser(ValidatedModel):
            email: str = field(metadata={"pattern": r"[^@]+@[^@]+"})
            age: int = field(default=0, metadata={"ge": 0, "le": 130})

    Metadata keys: `required`, `non_empty`, `choices`, `pattern`, `min_len`, `max_len`, `gt`, `ge`, `lt`, `le`, `min`, `max`,
    `validator` (called with the value; False or an exception refuses it). None is checked only by `required` and the annotation.
    Nothing is converted. Frozen dataclasses and ones with slots will do. A class with a `__post_init__` of its own calls
    `super().__post_init__()` in it.

    Raises ValidationError with everything that is wrong; TypeError if the class is no dataclass.
    """

    __slots__ = ()

    def __post_init__(self, *given: Any) -> None:
        validate(self)

    def model_validate(self) -> None:
        """Check what is about several fields, and raise ValidationError. To be overridden; called when each field is valid by itself."""


def validate(instance: ValidatedModel) -> None:
    """Check an instance. Raises ValidationError."""
    cls = type(instance)
    plan = cls.__dict__.get("__ferrow_validation__") or plan_of(cls)
    errors = plan.errors(instance)
    if errors:
        raise together(plan.label, errors)
    instance.model_validate()
