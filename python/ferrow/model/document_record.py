"""Records in documents: what makes dataclasses, named tuples and typed dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ferrow.errors import DataError, ModelError
from ferrow.model.unlike import at, keyed, listed, unlike

if TYPE_CHECKING:
    from ferrow.model.annotation import Annotation

Converter = Callable[[Any], Any]


def of_dataclass(cls: type) -> Converter:
    """What makes instances of a dataclass. Keys that are none of its fields are left out."""
    from dataclasses import fields

    declared = fields(cls)
    parts = _Parts(cls, {field.name: field.type for field in declared})
    late = frozenset([field.name for field in declared if not field.init])

    def build(document: dict[str, Any]) -> Any:
        values = parts.converted(document)
        made = cls(**{name: value for name, value in values.items() if name not in late})
        for name in late & values.keys():
            object.__setattr__(made, name, values[name])
        return made

    return build


def of_named_tuple(cls: Any) -> Converter:
    """What makes tuples of a class of them, of arrays that are as long as it may be."""
    names: tuple[str, ...] = cls._fields
    parts = _Parts(cls, dict.fromkeys(names, Any) | _annotations(cls, names))
    least, most = len(names) - len(cls._field_defaults), len(names)
    expected = f"{cls.__name__} of {most if least == most else f'{least} to {most}'}"

    def build(document: list[Any]) -> Any:
        if not least <= len(listed(document, cls.__name__)) <= most:
            raise unlike(expected, document)
        return cls(**parts.converted(dict(zip(names, document, strict=False))))

    return build


def of_typed_dict(cls: Any) -> Converter:
    """What makes dicts whose values are as the class says. Other keys stay as they are."""
    from ferrow.model.owner import own_annotations

    parts = _Parts(cls, own_annotations(cls))
    return lambda document: keyed(document, cls.__name__) | parts.converted(document)


def _annotations(cls: type, names: Iterable[str]) -> dict[str, Any]:
    from ferrow.model.owner import own_annotations, owner_of

    owners = {name: own_annotations(owner_of(cls, name)) for name in names}
    return {name: found[name] for name, found in owners.items() if name in found}


class _Parts:
    """What becomes of the values of a record's attributes. Found on first use: a record may contain itself."""

    __slots__ = ("_annotations", "_cls", "_known")

    def __init__(self, cls: type, annotations: Mapping[str, Any]) -> None:
        self._cls = cls
        self._annotations = annotations
        self._known: dict[str, Converter | None] | None = None

    def converted(self, document: Any) -> dict[str, Any]:
        """The values of those attributes that the document has. Raises DataError for what is no document, or of another type."""
        keyed(document, self._cls.__name__)
        known = self._known
        if known is None:
            known = self._known = {name: self._found(name, raw) for name, raw in self._annotations.items()}
        made: dict[str, Any] = {}
        name = ""
        try:
            for name, convert in known.items():
                if name in document:
                    made[name] = convert(document[name]) if convert is not None else document[name]
        except DataError as error:
            raise at(error, name) from error.__cause__
        return made

    def _found(self, name: str, raw: Any) -> Converter | None:
        from ferrow.model.annotation import Annotation
        from ferrow.model.document import decoder, optional
        from ferrow.model.owner import owner_of

        annotation = Annotation(owner_of(self._cls, name), name, raw)
        if not issubclass(self._cls, dict):
            return optional(decoder(annotation.complete().python, annotation.evaluated))
        found = annotation.resolve()
        return None if found.unknown else optional(decoder(found.python, _as_far_as_known(annotation)))


def _as_far_as_known(annotation: Annotation) -> Callable[[Any], Any]:
    # The values of a TypedDict can stay as they are: there is no class to be made of them.
    def evaluated(part: Any) -> Any:
        try:
            return annotation.evaluated(part)
        except ModelError:
            return Any

    return evaluated
