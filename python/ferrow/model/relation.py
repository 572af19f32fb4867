"""A described relation between two models. Only stored here; loading belongs to the faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError

if TYPE_CHECKING:
    from ferrow.model.annotation import Annotation
    from ferrow.model.options import RelationOptions


class Relation:
    """One relation attribute of a model.

    `key` is the attribute; `many` tells a list from a single object; `secondary` is the name of a junction table;
    `foreign_keys` names the columns to use when there are several; `back_populates` the attribute of the other side.
    """

    __slots__ = ("annotation", "back_populates", "foreign_keys", "key", "lazy", "owner", "secondary", "uselist")

    def __init__(self, owner: type, key: str, annotation: Annotation, options: RelationOptions) -> None:
        self.owner = owner
        self.key = key
        self.annotation = annotation
        self.back_populates = options.back_populates
        self.foreign_keys = options.foreign_keys
        self.lazy = options.lazy
        self.secondary = options.secondary
        self.uselist = options.uselist

    @property
    def many(self) -> bool:
        """Whether the attribute holds a list of objects."""
        if self.uselist is not None:
            return self.uselist
        from typing import get_origin

        return self.secondary is not None or get_origin(self.annotation.resolve().python) in (list, set, tuple)

    @property
    def target(self) -> type:
        """The class at the other end. Raises ModelError if its name cannot be found (yet)."""
        from typing import get_args

        found: Any = self.annotation.resolve().python
        found = self.annotation.evaluated(get_args(found)[0] if get_args(found) else found)
        if not isinstance(found, type):
            raise ModelError(
                f"{self.owner.__qualname__}.{self.key}: the relation's target {found!r} is not a class. "
                'Annotate it as Mapped["Post"] or Mapped[list["Post"]].'
            )
        return found

    def __repr__(self) -> str:
        return f"<Relation {self.owner.__qualname__}.{self.key}>"
