"""Records in documents: what makes dataclasses, named tuples and typed dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ferrow.errors import DataError, ModelError
from ferrow.model.care import Care, Converter
from ferrow.model.document_empty import Refused, Unmakeable
from ferrow.model.generic import Evaluated, class_of, filling_in, fillings
from ferrow.model.undecodable import Undecodable, placed
from ferrow.model.unlike import at, keyed, listed, unlike

if TYPE_CHECKING:
    from ferrow.model.annotation import Annotation


class Makes(Protocol):
    """What gives the converter of a part; see `document_decoder.Decoders.part`."""

    def __call__(
        self, python: Any, evaluated: Evaluated, care: Care, empty: tuple[type, str] | None
    ) -> Converter | None:
        """Return the converter, None where nothing is to be done. `empty` is the field, if it can be left empty."""
        ...


class Record:
    """What makes a record of a document, and what it is made of."""

    __slots__ = ("build", "parts")

    def __init__(self, build: Converter, parts: Parts) -> None:
        self.build: Converter = build
        self.parts: Parts = parts


def record(python: Any, care: Care) -> Record | None:
    """What makes instances of a dataclass, a class of named tuples or a typed dict. None for another class."""
    cls = class_of(python)
    if hasattr(cls, "__dataclass_fields__"):
        return _of_dataclass(python, cls, care)
    if not isinstance(cls, type):
        return None
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _of_named_tuple(python, cls, care)
    return _of_typed_dict(python, cls, care) if is_typed_dict(cls) else None


def is_typed_dict(cls: Any) -> bool:
    """Whether it is one of typing's or typing_extensions'."""
    return isinstance(cls, type) and issubclass(cls, dict) and hasattr(cls, "__required_keys__")


def names_of(python: Any) -> frozenset[str] | None:
    """The keys of a record that is kept as an object; None for what is none."""
    cls = class_of(python)
    if hasattr(cls, "__pydantic_fields__") and hasattr(cls, "model_validate"):
        from ferrow.model.document_pydantic import names

        return names(cls)
    if hasattr(cls, "__dataclass_fields__"):
        from dataclasses import fields

        return frozenset([field.name for field in fields(cls)])
    if is_typed_dict(cls):
        from ferrow.model.owner import own_annotations

        return frozenset(own_annotations(cls))
    return None


def _of_dataclass(python: Any, cls: Any, care: Care) -> Record:
    """Keys that are none of its fields are left out."""
    from dataclasses import MISSING, fields

    declared = fields(cls)
    wanted = [one.name for one in declared if one.init and one.default is MISSING and one.default_factory is MISSING]
    empty = {field.name for field in declared}.difference(wanted)
    parts = Parts(python, {field.name: field.type for field in declared}, wanted, care, empty)
    late = frozenset([field.name for field in declared if not field.init])

    def build(document: dict[str, Any]) -> Any:
        values = parts.converted(document)
        made = cls(**{name: value for name, value in values.items() if name not in late})
        for name in late & values.keys():
            object.__setattr__(made, name, values[name])
        return made

    return Record(build, parts)


def _of_named_tuple(python: Any, cls: Any, care: Care) -> Record:
    """Of arrays that are as long as it may be."""
    names: tuple[str, ...] = cls._fields
    parts = Parts(python, dict.fromkeys(names, Any) | _annotations(cls, names), (), care, cls._field_defaults)
    least, most = len(names) - len(cls._field_defaults), len(names)
    expected = f"{cls.__name__} of {most if least == most else f'{least} to {most}'}"

    def build(document: list[Any]) -> Any:
        if not least <= len(listed(document, cls.__name__)) <= most:
            raise unlike(expected, document)
        return cls(**parts.converted(dict(zip(names, document, strict=False))))

    return Record(build, parts)


def _of_typed_dict(python: Any, cls: Any, care: Care) -> Record:
    """Dicts whose values are as the class says. Other keys stay as they are."""
    from ferrow.model.owner import own_annotations

    annotations = own_annotations(cls)
    # Python does not see it in an annotation that is text.
    wanted = [name for name in cls.__required_keys__ if "NotRequired[" not in str(annotations.get(name))]
    parts = Parts(python, annotations, wanted, care)
    return Record(lambda document: keyed(document, cls.__name__) | parts.converted(document), parts)


def _annotations(cls: type, names: Iterable[str]) -> dict[str, Any]:
    from ferrow.model.owner import own_annotations, owner_of

    owners = {name: own_annotations(owner_of(cls, name)) for name in names}
    return {name: found[name] for name, found in owners.items() if name in found}


class Parts:
    """What becomes of the values of a record's attributes."""

    __slots__ = ("_annotations", "_care", "_checked", "_cls", "_empty", "_fillings", "_known", "_wanted")

    def __init__(
        self,
        python: Any,
        annotations: Mapping[str, Any],
        wanted: Iterable[str],
        care: Care,
        empty: Iterable[str] = (),
    ) -> None:
        """`wanted` are those that a document must have, `empty` those that the program may leave as they are made."""
        self._cls: Any = class_of(python)
        self._annotations = annotations
        self._wanted = frozenset(wanted)
        self._empty = frozenset(empty)
        self._care = care
        self._checked: bool = care is not Care.LOOSE
        self._fillings = fillings(python)
        self._known: dict[str, Converter | None] | None = None

    def prepare(self, of: Makes) -> None:
        """Find them, but for classes that name what is not there yet. Raises Undecodable."""
        try:
            self._find(of)
        except Undecodable:
            raise
        except ModelError:  # which it is again on first use, if the name is still not known
            pass

    def _find(self, of: Makes) -> dict[str, Converter | None]:
        known: dict[str, Converter | None] = {}
        for name, raw in self._annotations.items():
            known[name] = placed(f".{name}", partial(self._found, name, of), raw)
        self._known = known
        return known

    def converted(self, document: Any) -> dict[str, Any]:
        """The values of those attributes that the document has. Raises DataError for what is no document, or of another type."""
        keyed(document, self._cls.__name__)
        known = self._known
        if known is None:
            from ferrow.model.document_decoder import Decoders

            known = self._find(Decoders(Refused()).part)  # of its own, as several threads may be here
        if self._checked:
            self._check(document)
        made: dict[str, Any] = {}
        name = ""
        try:
            for name, convert in known.items():
                if name in document:
                    made[name] = convert(document[name]) if convert is not None else document[name]
        except DataError as error:
            raise at(error, name) from error.__cause__
        return made

    def _check(self, document: dict[str, Any]) -> None:
        missing = self._wanted - document.keys()
        if missing:
            raise unlike(f"{self._cls.__name__} with {min(missing)!r}", document)
        if self._care is Care.EXACT and not document.keys() <= self._annotations.keys():
            raise unlike(self._cls.__name__, document)

    def _found(self, name: str, of: Makes, raw: Any) -> Converter | None:
        from ferrow.model.annotation import Annotation
        from ferrow.model.owner import owner_of

        owner = owner_of(self._cls, name)
        annotation = Annotation(owner, name, raw)
        filling = self._fillings.get(owner, {})
        if is_typed_dict(self._cls):
            found = annotation.resolve()
            if found.unknown:
                return None
            evaluated = filling_in(_as_far_as_known(annotation), filling)
        else:
            found = annotation.complete()
            evaluated = filling_in(annotation.evaluated, filling)
        inner = of(found.python, evaluated, self._care, (self._cls, name) if name in self._empty else None)
        nullable = found.nullable or _is_none_by_default(self._cls, name)
        if isinstance(inner, Unmakeable) and not nullable:  # then there is nothing that it could be
            raise Undecodable(inner.python)
        if inner is None or not (nullable or not (self._checked or _has_none(found.python))):
            return inner
        return lambda value: None if value is None else inner(value)


def _has_none(python: Any) -> bool:
    """Whether it is an enumeration with a member that JSON has as null."""
    return isinstance(python, type) and issubclass(python, Enum) and any(one.value is None for one in python)


def _is_none_by_default(cls: Any, name: str) -> bool:
    """Whether None is meant although the annotation does not say so."""
    field = getattr(cls, "__dataclass_fields__", {}).get(name)
    return field.default is None if field is not None else getattr(cls, "_field_defaults", {}).get(name, cls) is None


def _as_far_as_known(annotation: Annotation) -> Callable[[Any], Any]:
    # The values of a TypedDict can stay as they are: there is no class to be made of them.
    def evaluated(part: Any) -> Any:
        try:
            return annotation.evaluated(part)
        except ModelError:
            return Any

    return evaluated
