"""From a class to its table, its shape and its writer: found once, kept on the class, gone with the class."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError, shown
from ferrow.model.naming import Convention, plural, table_name

if TYPE_CHECKING:
    from ferrow._core import Shape
    from ferrow.model.reading import Reading
    from ferrow.model.table import Table
    from ferrow.model.writing import Writer


class Binding:
    """What is known about one model class. `style` is "declarative", "dataclass" or "pydantic"."""

    __slots__ = ("_reading", "_shape", "_writer", "model", "style", "table", "usual")

    def __init__(self, model: type, style: str, table: Table) -> None:
        self.model: type = model
        self.style: str = style
        self.table: Table = table
        self.usual: bool = True
        """Whether a session would call the table the same."""
        self._reading: Reading | None = None
        self._shape: Shape | None = None
        self._writer: Writer | None = None

    @property
    def reading(self) -> Reading:
        """How rows become instances."""
        found = self._reading
        if found is None:
            found = self._reading = _adapter(self.style).reading(self.model, self.table)
        return found

    @property
    def shape(self) -> Shape:
        """The plan that `_core` executes for each row of all columns in table order."""
        found = self._shape
        if found is None:
            found = self._shape = self.reading.shape(self.model, self.table)
        return found

    @property
    def writer(self) -> Writer:
        """How instances become rows."""
        found = self._writer
        if found is None:
            from ferrow.model.writing import Writer

            adapter = _adapter(self.style)
            found = self._writer = Writer(self.model, self.table, adapter.fill, adapter.attach)
        return found

    def make(self, values: dict[str, Any]) -> Any:
        """An instance by its own constructor, from values by attribute name."""
        return _adapter(self.style).make(self.model, values)


def binding(cls: type) -> Binding:
    """Find what is known about `cls`. Raises ModelError if it is not a model."""
    try:
        # Read from the class's own dictionary: a subclass is another model.
        found: Binding = cls.__dict__["__ferrow_binding__"]
    except (KeyError, AttributeError):
        return bind(cls)
    return found


def table_of(cls: type) -> Table:
    """The table of a model: a `Base` subclass, a dataclass or a Pydantic model.

    Raises ModelError for anything else, or if the class cannot become a table; the message names class, attribute and fix.
    """
    try:
        found: Binding = cls.__dict__["__ferrow_binding__"]  # as in `binding`, without the call: this is on every path
    except (KeyError, AttributeError):
        return bind(cls).table
    return found.table


def shape_of(cls: type) -> Shape:
    """The shape that turns rows of all columns, in table order, into instances. The same for every dialect."""
    return binding(cls).shape


def writer(cls: type) -> Writer:
    """The writer of a model: what to send for its instances, and how to give them what the server generated."""
    return binding(cls).writer


def bind(cls: Any, convention: Convention = plural) -> Binding:
    """Describe a class that is not described yet; its table is called as the convention says if the class does not."""
    style = _style(cls)
    made = Binding(cls, style, _adapter(style).describe(cls, convention))
    if convention is not plural and style != "declarative":
        made.usual = made.table.name == table_name(cls)
    cls.__ferrow_binding__ = made
    if style != "declarative":
        from ferrow.model.registry import bound

        bound(cls)
    return made


def is_model(value: object) -> bool:
    """Whether it is a model class, of any style, that has a table."""
    return isinstance(value, type) and _known(value) is not None and not value.__dict__.get("__abstract__", False)


def _style(cls: Any) -> str:
    if not isinstance(cls, type):
        raise ModelError(
            f"{shown(cls)} is not a model class."
            + (
                f" Did you mean {type(cls).__name__}?"
                if _known(type(cls))
                else " Give the classes themselves, one after the other, or *classes."
                if isinstance(cls, (list, tuple, set, frozenset))
                else " Give the class itself."
            )
        )
    style = _known(cls)
    if style is None and issubclass(cls, type):  # the class of a class
        raise ModelError("A class was given where one of its instances belongs.")
    if style is None:
        raise ModelError(
            f"{cls.__qualname__} is not a model: derive it from ferrow.Base, decorate it with @dataclass, "
            "or derive it from pydantic.BaseModel."
        )
    return style


def _known(cls: type) -> str | None:
    base = sys.modules.get("ferrow.model.base")
    if base is not None and issubclass(cls, base.Base):
        return "declarative"
    # A Pydantic model can only exist if Pydantic has been imported; we never import it ourselves for anything else.
    pydantic = sys.modules.get("pydantic.main")
    if pydantic is not None and issubclass(cls, pydantic.BaseModel):
        return "pydantic"
    return "dataclass" if hasattr(cls, "__dataclass_fields__") else None


def _adapter(style: str) -> Any:
    from importlib import import_module

    return import_module(f"ferrow.model.adapt.{style}")
