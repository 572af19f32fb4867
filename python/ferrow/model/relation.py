"""One declared relation between two models. What its keys are is found on first use, by `linking`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ferrow.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ferrow.model.annotation import Annotation
    from ferrow.model.link import Link
    from ferrow.model.options import RelationOptions


class Relation:
    """One relation attribute of a model.

    `key` is the attribute; `many` tells a collection from a single object; `secondary` is the junction of a many-to-many relation, as
    it was given; `foreign_keys` and `remote_side` name the columns to use when there are several; `back_populates` the attribute of
    the other side; `cascade` what happens to related objects with their owner; `order_by` the columns a loaded collection is sorted by; `lazy` what happens without a load option.
    """

    __slots__ = (
        "_link", "annotation", "back_populates", "cascade", "foreign_keys", "key", "lazy", "order_by", "owner", "remote_side", "secondary", "uselist"
    )  # fmt: skip

    def __init__(self, owner: type, key: str, annotation: Annotation, options: RelationOptions) -> None:
        self.owner: type = owner
        self.key: str = key
        self.annotation: Annotation = annotation
        self.back_populates: str | None = options.back_populates
        self.cascade: frozenset[str] = options.cascade
        self.foreign_keys: tuple[str, ...] | None = options.foreign_keys
        self.remote_side: tuple[str, ...] | None = options.remote_side
        self.lazy: str = options.lazy
        self.order_by: tuple[str, ...] = options.order_by
        self.secondary: str | type | None = options.secondary
        self.uselist: bool | None = options.uselist
        self._link: Link | None = None

    @property
    def many(self) -> bool:
        """Whether the attribute holds a collection of objects."""
        if self.uselist is not None:
            return self.uselist
        return self.secondary is not None or self._container is not None

    @property
    def collection(self) -> Callable[[Iterable[Any]], Any]:
        """What makes the attribute's value of the objects, where there are many: `list`, or what the annotation says."""
        return self._container or list

    @property
    def _container(self) -> type | None:
        from typing import get_origin

        python = self.annotation.resolve().python
        origin = get_origin(python) or python
        if isinstance(origin, type) and issubclass(origin, list):
            return list
        return origin if origin in (set, tuple, frozenset) else None

    @property
    def writes_links(self) -> bool:
        """Whether its collections write single links: it is annotated as a `ManyToManyCollection`, not as a plain list."""
        from typing import get_origin

        python = self.annotation.resolve().python
        origin = get_origin(python) or python
        return isinstance(origin, type) and issubclass(origin, list) and origin is not list

    @property
    def target(self) -> type:
        """The class at the other end. Raises ModelError if its name cannot be found (yet)."""
        from typing import get_args

        found: Any = self.annotation.resolve().python
        found = self.annotation.evaluated(get_args(found)[0] if get_args(found) else found)
        if not isinstance(found, type):
            raise ModelError(
                f"{self.label}: the relation's target {found!r} is not a class. "
                'Annotate it as Mapped["Post"] or Mapped[list["Post"]].'
            )
        return found

    @property
    def link(self) -> Link:
        """Which columns hold the two sides together. Raises ModelError, naming the fix, if that cannot be said (yet)."""
        found = self._link
        if found is None:
            from ferrow.model.linking import link

            found = link(self)
            if found.junction is None and self.writes_links:
                raise ModelError(
                    f"{self.label}: a ManyToManyCollection is for many-to-many relations, and this one has no junction: annotate it as a list"
                )
            self._link = found
        return found

    @property
    def label(self) -> str:
        """Class and attribute, for messages: `User.posts`."""
        return f"{self.owner.__qualname__.rpartition('.<locals>.')[2]}.{self.key}"

    def __repr__(self) -> str:
        return f"<Relation {self.label}>"
