"""ValidatedModel: each metadata key, and all errors at once."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest

from ferrow.errors import Error
from ferrow.repository import ValidatedModel, ValidationError
from ferrow.repository.validation.error import FieldError

PATTERN = r"[^@]+@[^@]+\.[^@]+"


def refused(call: Any, *arguments: Any, **values: Any) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        call(*arguments, **values)
    return caught.value


def model(annotation: Any = Any, **metadata: Any) -> Any:
    @dataclass
    class Model(ValidatedModel):
        value: annotation = field(default=None, metadata=metadata)

    Model.__annotations__["value"] = annotation
    Model.__dataclass_fields__["value"].type = annotation
    return Model


@pytest.mark.parametrize(
    ("metadata", "good", "bad", "said"),
    [
        ({"required": True}, ["", 0, []], [None], "is required"),
        ({"non_empty": True}, ["a", " a ", [1], 0, None], ["", " \t\n", [], {}], "must not be empty"),
        ({"choices": ("a", [1], 3)}, ["a", [1], 3, None], ["b", [2], {}], r"must be one of 'a', \[1\], 3"),
        ({"choices": {"a", "b"}}, ["a", "b"], ["c", ["a"]], "must be one of "),
        ({"pattern": r"\d+"}, ["12", None, 5], ["12a", "a12", ""], r"must match pattern '\\\\d\+'"),
        ({"pattern": re.compile("a+", re.I)}, ["aA"], ["b"], "must match pattern 'a\\+'"),
        ({"min_len": 2}, ["ab", [1, 2], None], ["a", [], {1}], "must have a length of at least 2"),
        ({"max_len": 2}, ["ab", "", (1, 2)], ["abc", [1, 2, 3]], "must have a length of at most 2"),
        ({"min_len": 2}, [], [7], "must have a length, which int has not"),
        ({"gt": 0}, [1, 0.1, None], [0, -1], "must satisfy > 0"),
        ({"ge": 0}, [0, 1], [-1, float("nan")], "must satisfy >= 0"),
        ({"lt": 5}, [4], [5, 6], "must satisfy < 5"),
        ({"le": 5}, [5], [6], "must satisfy <= 5"),
        ({"min": 1}, [1], [0], "must satisfy >= 1"),
        ({"max": 1}, [1], [2], "must satisfy <= 1"),
        ({"ge": 0}, [], ["a", []], "must satisfy >= 0, and .* cannot be compared with int"),
        ({"validator": lambda value: value != 3}, [1, None], [3], "was refused by <lambda>"),
        ({"validator": lambda value: None}, [1], [], ""),
        ({"validator": lambda value: 0}, [1], [], ""),
        ({"validator": int}, ["12"], ["x"], "was refused by int: invalid literal"),
    ],
)
def test_a_rule(metadata: dict[str, Any], good: list[Any], bad: list[Any], said: str) -> None:
    made = model(**metadata)
    for value in good:
        assert made(value).value is value
    for value in bad:
        error = refused(made, value)
        assert re.search(f"Field 'value' {said}", str(error)), str(error)
        assert [one.field for one in error.errors] == ["value"]
        assert error.errors[0].rule in metadata


def test_none_is_only_asked_for() -> None:
    made = model(
        required=False, ge=1, non_empty=True, pattern="a", min_len=3, choices=[1], validator=lambda value: False
    )
    assert made(None).value is None


@pytest.mark.parametrize(
    ("metadata", "error", "said"),
    [
        ({"validator": "no"}, TypeError, "validator is 'no'; it is called with the value"),
        ({"pattern": "("}, re.error, "is no regular expression"),
        ({"pattern": 3}, TypeError, "is no regular expression"),
        ({"min_len": "3"}, TypeError, "min_len is '3'; it is a whole number"),
        ({"choices": 3}, TypeError, "choices is 3; give a list"),
    ],
)
def test_a_rule_that_cannot_be_one_says_where_it_stands(metadata: dict[str, Any], error: type, said: str) -> None:
    with pytest.raises(error, match=rf"Model\.value: .*{said}"):
        model(**metadata)("a")


def test_all_errors_at_once() -> None:
    @dataclass
    class CreateUserInput(ValidatedModel):
        email: str = field(default="", metadata={"non_empty": True, "pattern": PATTERN})
        age: int = field(default=0, metadata={"ge": 0, "le": 130})
        name: str = "x"

    assert CreateUserInput(email="alice@example.com", age=20).age == 20
    error = refused(CreateUserInput, email="", age=-1, name=3)
    assert isinstance(error, (ValueError, Error))
    assert error.errors == [
        FieldError("email", "Field 'email' must not be empty. It is ''.", "non_empty"),
        FieldError("email", f"Field 'email' must match pattern {PATTERN!r}. It is ''.", "pattern"),
        FieldError("age", "Field 'age' must satisfy >= 0. It is -1.", "ge"),
        FieldError("name", "Field 'name' must be str. It is 3.", "type"),
    ]
    assert error.fields == ["email", "age", "name"]
    assert str(error) == "CreateUserInput has 4 errors: " + " ".join(one.message for one in error.errors)
    assert str(refused(CreateUserInput, age=200)).startswith("CreateUserInput has 3 errors: ")
    assert str(refused(CreateUserInput, "a@b.c", 200)) == "Field 'age' must satisfy <= 130. It is 200."


def test_an_error_survives_pickling() -> None:
    error = refused(model(ge=1), 0)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.errors) == (str(error), error.errors)


def test_a_wrong_type_is_not_asked_further() -> None:
    error = refused(model(int | None, ge=1, validator=lambda value: value + 1), "a")
    assert [one.rule for one in error.errors] == ["type"]


def test_the_hook_runs_when_the_fields_are_valid() -> None:
    called = []

    @dataclass
    class Span(ValidatedModel):
        start: int
        end: int

        def model_validate(self) -> None:
            called.append(self.start)
            if self.end < self.start:
                raise ValidationError("end must not come before start")

    assert refused(Span, "a", 1).fields == ["start"]
    assert called == []
    error = refused(Span, 2, 1)
    assert str(error) == "end must not come before start"
    assert error.errors == [FieldError(None, "end must not come before start")]
    Span(1, 2)
    assert called == [2, 1]


def test_annotated_types_are_rules() -> None:
    annotated_types = pytest.importorskip("annotated_types")
    made = model(Annotated[int, annotated_types.Ge(3), "something else"])
    made(3)
    assert "must satisfy >= 3" in str(refused(made, 2))
    made = model(Annotated[str, annotated_types.Len(1, 3)])
    assert refused(made, "").errors[0].rule == "min_len"
    assert refused(made, "abcd").errors[0].rule == "max_len"


def test_what_a_class_does_not_show_is_not_in_messages() -> None:
    @dataclass
    class Login(ValidatedModel):
        password: str = field(repr=False, metadata={"min_len": 8})

    assert str(refused(Login, "secret")) == "Field 'password' must have a length of at least 8."


def test_long_values_are_cut() -> None:
    assert len(str(refused(model(max_len=3), "x" * 10_000))) < 200
