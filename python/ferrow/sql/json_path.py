"""A place in a document: `User.meta["plan"]["name"]`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ferrow.sql import json_compare
from ferrow.sql.expr import Condition, Expr
from ferrow.sql.form.json import JSON_PATH
from ferrow.sql.json_steps import Step, step
from ferrow.sql.node import set_shape, set_values
from ferrow.sql.typed import Typed, set_type
from ferrow.types import Json

if TYPE_CHECKING:
    from ferrow.sql.json_guide import Guide

T = TypeVar("T")


class JsonPath(Expr[T]):
    """What stands at the end of a path into a JSON column. JSON's null is NULL, as is a place that does not exist.

    It compares with values of its own JSON type: `== 5` with numbers, `== "5"` with texts. `<` and its like are unknown (as a
    comparison with NULL is) where the value is of another type; `!=` is true there. Texts compare by their characters' codes.
    Sorted, texts come first, then numbers, false and true, arrays, objects.

    Attributes:
        base: the column (or other expression) that is looked into.
        steps: the way from there.
        guide: what the document's model says about this place, if there is one.
    """

    __slots__ = ("base", "guide", "steps")

    base: Expr[Any]
    steps: tuple[Step, ...]
    guide: Guide | None

    def __init__(self, base: Expr[Any], steps: tuple[Step, ...] = (), guide: Guide | None = None) -> None:
        """Refer to a place in `base`.

        Raises:
            TypeError: its values are not documents.
        """
        if not json_compare.is_json(base):
            msg = f"{base!r} is {base.type!r}, and only documents can be looked into"
            raise TypeError(msg)
        put = object.__setattr__
        put(self, "base", base)
        put(self, "steps", steps)
        put(self, "guide", guide)
        set_type(self, Json())
        kinds, holes = tuple([one.kind for one in steps]), [one.hole for one in steps]
        set_shape(self, (JSON_PATH, base.shape, kinds, None if guide is None else guide.decode, *holes))
        set_values(self, (*base.values, *[one.value for one in steps]))

    def followed(self, further: Step, guide: Guide | None) -> JsonPath[Any]:
        """Return the place one step further."""
        return JsonPath(self.base, (*self.steps, further), guide)

    def at(self, one: Step) -> JsonPath[Any]:
        """Return the place one step further. Raises UnknownColumn if the document's model has no such place."""
        return self.followed(*self.guide.inside(one)) if self.guide is not None else self.followed(one, None)

    @property
    def decode(self) -> Callable[[Any], Any] | None:
        """What makes the Python value of what is read; None if that is it."""
        return None if self.guide is None else self.guide.decode

    def sent(self, value: Any) -> Any:
        """Return a value as the document has it. Raises TypeError for one of another type than the document's model says."""
        return value if self.guide is None or isinstance(value, Expr) else self.guide.encoded(value)

    def kept(self, value: Any) -> Any:
        """Return a part of a value as documents have it."""
        return value if self.guide is None or value is None else self.guide.kept(value)

    # Comparing: as `Expr` says, for checkers too; only how is another matter -----------------------------------------

    if not TYPE_CHECKING:

        def __getitem__(self, key):
            return self.at(step(key))

        def __eq__(self, other):
            return json_compare.compare(self, "=", other)

        def __ne__(self, other):
            return json_compare.compare(self, "<>", other)

        def __lt__(self, other):
            return json_compare.compare(self, "<", other)

        def __le__(self, other):
            return json_compare.compare(self, "<=", other)

        def __gt__(self, other):
            return json_compare.compare(self, ">", other)

        def __ge__(self, other):
            return json_compare.compare(self, ">=", other)

        __hash__ = Expr.__hash__

        def between(self, low, high):  # noqa: D102  # as in Expr
            return json_compare.between(self, low, high)

        def in_(self, values):  # noqa: D102
            return json_compare.membership(self, values, negated=False)

        def not_in(self, values):  # noqa: D102
            return json_compare.membership(self, values, negated=True)

    def contains(self, text: Any) -> Condition:
        """Whether a text contains `text` literally, an array has it as an item, a document contains it (see `json_contains`)."""
        return json_compare.holds(self, self.kept(text))

    def like(self, pattern: str) -> Condition:
        r"""Whether the value is a text that matches; unknown where it is none."""
        return self._text().like(pattern)

    def ilike(self, pattern: str) -> Condition:
        """`like` without regard to case."""
        return self._text().ilike(pattern)

    def startswith(self, text: str) -> Condition:
        """Whether the value is a text that begins with `text`, literally."""
        return self._text().startswith(text)

    def endswith(self, text: str) -> Condition:
        """Whether the value is a text that ends with `text`, literally."""
        return self._text().endswith(text)

    def icontains(self, text: str) -> Condition:
        """Whether the value is a text that contains `text`, without regard to case."""
        return self._text().icontains(text)

    def istartswith(self, text: str) -> Condition:
        """`startswith` without regard to case."""
        return self._text().istartswith(text)

    def iendswith(self, text: str) -> Condition:
        """`endswith` without regard to case."""
        return self._text().iendswith(text)

    def _text(self) -> Expr[str]:
        return cast("Expr[str]", json_compare.value_as("text", self))


def path_of(operand: Typed[Any]) -> JsonPath[Any]:
    """Return a document as a path without steps. Raises TypeError if it is none."""
    if isinstance(operand, JsonPath):
        return operand
    return JsonPath(cast("Expr[Any]", operand), (), getattr(operand, "guide", None))
