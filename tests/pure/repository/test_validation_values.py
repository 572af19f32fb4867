"""Validation of values that come through no constructor."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import pytest

from ferrow import func
from ferrow.model import table_of
from ferrow.repository import ValidatedModel, ValidationError
from ferrow.repository.validation.values import validate_instance, validate_values


class Mood(enum.Enum):
    GOOD = "good"


@dataclass
class Row(ValidatedModel):
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    age: int = field(default=0, metadata={"ge": 0})
    mood: Mood | None = None

    def model_validate(self) -> None:
        if self.age == 99:
            raise ValidationError("not 99")


@dataclass
class Other:
    id: int
    age: int = 0


def test_values_of_some_fields() -> None:
    validate_values(Row, {"age": 3})
    validate_values(Row, {"mood": "good"})
    validate_values(Row, {"mood": None, "age": 99})  # what is about several fields cannot be asked
    with pytest.raises(ValidationError) as caught:
        validate_values(Row, {"age": -1, "mood": "angry", "nowhere": 1})
    assert caught.value.fields == ["age", "mood"]


def test_expressions_pass() -> None:
    age = table_of(Row).column("age").ref
    validate_values(Row, {"age": age + 1})
    validate_values(Row, {"age": func.abs(age)})


def test_other_classes_pass() -> None:
    validate_values(Other, {"age": "x"})
    validate_instance(Other("x", "y"))  # type: ignore[arg-type]


def test_an_instance_that_was_changed() -> None:
    row = Row(age=1)
    validate_instance(row)
    row.age = -1
    with pytest.raises(ValidationError, match="must satisfy >= 0"):
        validate_instance(row)
    row.age = 99
    with pytest.raises(ValidationError, match="not 99"):
        validate_instance(row)
