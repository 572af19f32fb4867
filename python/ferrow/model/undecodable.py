"""Classes in annotations of documents of which nobody knows how they are made of JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ferrow.errors import ModelError
from ferrow.types.infer import named

if TYPE_CHECKING:
    from ferrow.types import SQLType

T = TypeVar("T")


class Undecodable(ModelError):
    """`python` stands in an annotation, `steps` below its top, and nothing makes it of a document."""

    type: SQLType | None
    """That of the column, once it is known which it is."""

    def __init__(self, python: Any, *steps: str) -> None:
        """Say it of a part; who is asked for the whole puts his `steps` in front."""
        super().__init__(f"nothing is known that makes {named(python)} of JSON")
        self.python: Any = python
        self.steps: tuple[str, ...] = steps
        self.type = None

    def of(self, where: str, found: SQLType) -> Undecodable:
        """The same error about a column."""
        made = Undecodable(self.python, *self.steps)
        made.type = found
        made.args = (
            f"{where}{''.join(self.steps)}: nothing is known that makes {named(self.python)} of JSON, so it would come back as another type. "
            "Make the class a dataclass, NamedTuple, TypedDict, Enum or Pydantic model, or annotate this place with what the document "
            f"holds (dict[str, Any], str, Any).{self._way_out()}",
        )
        return made

    def _way_out(self) -> str:
        if not self.steps:
            return " A column that is no document is given its type: mapped_column(type_=...)."
        field = any(step.startswith(".") for step in self.steps)
        return " If documents may leave the field empty, give it a default: `| None = None`." if field else ""


def placed(step: str, of: Callable[[Any], T], python: Any) -> T:
    """What `of` gives for the part that stands there."""
    try:
        return of(python)
    except Undecodable as error:
        raise Undecodable(error.python, step, *error.steps) from None
