"""What the class of a document says about its parts: names, types, and how their values are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Union, get_args, get_origin

from ferrow.errors import UnknownColumn, nearest
from ferrow.model.alias import bare
from ferrow.model.container import SEQUENCES, container
from ferrow.model.document import plain
from ferrow.model.document_decoder import decoder_of_part
from ferrow.model.document_record import is_typed_dict
from ferrow.model.generic import class_of, filling_in, fillings, standing_for
from ferrow.model.owner import own_annotations
from ferrow.sql.json_steps import Step

if TYPE_CHECKING:
    from ferrow.model.annotation import Annotation

Decoders: TypeAlias = dict[Any, Callable[[Any], Any] | None]

_SCALARS: dict[type, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int, float, Decimal),
    float: (int, float, Decimal),
}
_NUMBERS = (int, float, Decimal)


class DocumentGuide:
    """The part of a document called `where`, whose type is `python`; see `ferrow.sql.json_guide.Guide`.

    `evaluated` turns what is still text in the annotation into its type, `pydantic` is whether Pydantic wrote the part.
    `decoders` are those found so far for the documents of the column, by type.
    """

    def __init__(
        self,
        where: str,
        python: Any,
        evaluated: Callable[[Any], Any],
        *,
        pydantic: bool = False,
        decoders: Decoders | None = None,
    ) -> None:
        self.where = where
        self.python = python
        self._evaluated = evaluated
        self._pydantic = pydantic
        self._decoders: Decoders = {} if decoders is None else decoders
        self.decimal: bool = python is Decimal

    @cached_property
    def decode(self) -> Callable[[Any], Any] | None:
        """What makes the part's value of a plain document; it is part of a query's shape, so the same for the same type."""
        try:
            return self._decoders[self.python]
        except KeyError:
            return self._decoders.setdefault(self.python, decoder_of_part(self.python, self._evaluated))
        except TypeError:  # Literal[[]] and other annotations that cannot be a key
            return None

    @cached_property
    def _fields(self) -> Mapping[str, tuple[str, Callable[[], DocumentGuide | None]]] | None:
        """By attribute: the key in the document and what is known of it. None for what is no record."""
        return _fields(self)

    def encoded(self, value: Any) -> Any:
        """The value as documents keep it. Raises TypeError for one of another type."""
        takes = _SCALARS.get(self.python)
        if takes is not None and (not isinstance(value, takes) or (isinstance(value, bool) and bool not in takes)):
            msg = f"{self.where} is {_name(self.python)}, not {type(value).__name__} {value!r}"
            raise TypeError(msg)
        return self.kept(value)

    def kept(self, value: Any) -> Any:
        """The value, or a part of one, as documents keep it."""
        if isinstance(value, Decimal):
            return value if self.python in _NUMBERS else str(value)
        if self._pydantic:
            from pydantic_core import to_jsonable_python

            return to_jsonable_python(value)
        return plain(value)

    def attribute(self, name: str) -> tuple[Step, DocumentGuide | None]:
        """The key of an attribute, and what is known of it. Raises UnknownColumn, or TypeError if it has no attributes."""
        fields = self._fields
        if fields is None:
            raise self._without(f".{name}")
        found = fields.get(name)
        if found is None:
            if self._open:
                return Step("key", name), None
            raise self._unknown(name, fields)
        return Step("key", found[0]), found[1]()

    def inside(self, one: Step) -> tuple[Step, DocumentGuide | None]:
        """What a key or position means here. Raises UnknownColumn, or TypeError if there is nothing inside."""
        kind, value = one
        fields = self._fields
        if fields is not None:
            for key, guide in fields.values():
                if key == value:
                    return Step("key", key), guide()
            if kind == "index" or not self._open:
                raise self._unknown(value, [key for key, _ in fields.values()])
            return Step("key", value), None
        origin, arguments = container(self.python) or (self.python, ())
        if isinstance(origin, type) and issubclass(origin, dict):
            numbered = kind == "index" and arguments and arguments[0] is int
            if kind == "index" and not numbered:
                raise self._without(f"[{value}]")
            return Step("key", str(value)), self._part(arguments[1] if arguments else Any, f"[{value!r}]")
        if isinstance(origin, type) and issubclass(origin, SEQUENCES):
            if kind == "key":
                raise self._without(f"[{value!r}]")
            position = int(value)
            fixed = origin is tuple and arguments and arguments[-1] is not Ellipsis
            if fixed and not -len(arguments) <= position < len(arguments):
                msg = f"{self.where} has {len(arguments)} items, and none at {position}"
                raise UnknownColumn(msg)
            item = (arguments[position] if fixed else arguments[0]) if arguments else Any
            return Step("index", position), self._part(item, f"[{position}]")
        raise self._without(f"[{value!r}]")

    def word(self, one: Step) -> tuple[Step, DocumentGuide | None]:
        """What a part of a keyword means here: an attribute where there are any, else a key or position."""
        return self.attribute(str(one.value)) if self._fields is not None else self.inside(one)

    @property
    def _open(self) -> bool:
        """Whether a record may have keys that its class does not name."""
        config = getattr(self.python, "model_config", None)
        return isinstance(config, dict) and config.get("extra") == "allow"

    def _part(self, python: Any, step: str, pydantic: bool = False) -> DocumentGuide | None:
        where = f"{self.where}{step}"
        return guide(where, python, self._evaluated, pydantic=self._pydantic or pydantic, decoders=self._decoders)

    def _unknown(self, name: Any, known: Any) -> UnknownColumn:
        return UnknownColumn(f"{self.where} ({_name(self.python)}) has no {name!r}. {nearest(str(name), known)}")

    def _without(self, step: str) -> UnknownColumn:
        return UnknownColumn(f"{self.where} is {_name(self.python)} and has no part {step}")


def guide(
    where: str,
    python: Any,
    evaluated: Callable[[Any], Any],
    *,
    pydantic: bool = False,
    decoders: Decoders | None = None,
) -> DocumentGuide | None:
    """What is known of a part annotated with `python`; None if that says nothing (Any, several types)."""
    while True:
        python = bare(python, evaluated)
        if isinstance(python, TypeVar):
            python = standing_for(python)
            continue
        origin = get_origin(python)
        if origin in (Union, UnionType):
            members = [member for member in get_args(python) if member is not NoneType]
            if len(members) != 1:
                return None
            python = members[0]
        elif python is Any or python is object:
            return None
        else:
            return DocumentGuide(where, python, evaluated, pydantic=pydantic, decoders=decoders)


def _fields(
    of: DocumentGuide,
) -> dict[str, tuple[str, Callable[[], DocumentGuide | None]]] | None:
    python: Any = class_of(of.python)
    if not isinstance(python, type):
        return None
    if hasattr(python, "__pydantic_fields__"):
        return {
            name: (field.serialization_alias or field.alias or name, _validated(of, name, field.annotation))
            for name, field in python.__pydantic_fields__.items()
        }
    if hasattr(python, "__dataclass_fields__"):
        from dataclasses import fields

        return {field.name: (field.name, _annotated(of, python, field.name, field.type)) for field in fields(python)}
    if is_typed_dict(python):
        return {name: (name, _annotated(of, python, name, raw)) for name, raw in own_annotations(python).items()}
    return None


def _validated(of: DocumentGuide, name: str, python: Any) -> Callable[[], DocumentGuide | None]:
    return lambda: of._part(python, f".{name}", pydantic=True)


def _annotated(of: DocumentGuide, cls: type, name: str, raw: Any) -> Callable[[], DocumentGuide | None]:
    def found() -> DocumentGuide | None:
        from ferrow.model.annotation import Annotation
        from ferrow.model.owner import owner_of

        owner = owner_of(cls, name)
        annotation: Annotation = Annotation(owner, name, raw)
        evaluated = filling_in(annotation.evaluated, fillings(of.python).get(owner, {}))
        return guide(f"{of.where}.{name}", annotation.complete().python, evaluated, decoders=of._decoders)

    return found


def _name(python: Any) -> str:
    return python.__qualname__ if isinstance(python, type) and not get_args(python) else repr(python)
