"""Fields of documents that nothing makes of JSON, but that have a default: they can be left empty, and are refused where they are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NoReturn

from ferrow.errors import DataError
from ferrow.model.care import Converter
from ferrow.model.document import TEXTS, field_names, plain
from ferrow.model.generic import class_of
from ferrow.model.unlike import at, shortened, unlike
from ferrow.types.infer import named

_NATIVE = frozenset({str, int, float, bool})


class Unmakeable:
    """What stands for the converter of a type that nothing makes of JSON."""

    __slots__ = ("python",)

    def __init__(self, python: Any) -> None:
        self.python: Any = python

    def __call__(self, value: Any) -> NoReturn:
        """Refuse it."""
        raise unlike(f"{named(self.python)}, which nothing makes of JSON", value)


class Refused:
    """What fields must not hold when they are written, by the class that has them and their name.

    A value says itself whether it is such: JSON has no functions, but an abstract class may have dataclasses derived from it, which
    would be written and not come back. Where a field can hold nothing at all, every value but None is such.
    """

    __slots__ = ("_by_class", "_known")

    def __init__(self) -> None:
        self._by_class: dict[type, dict[str, tuple[type, ...]]] = {}
        self._known: dict[type, dict[str, tuple[type, ...]]] = {}

    def __bool__(self) -> bool:
        return any(self._by_class.values())

    def looks_at(self, cls: type) -> None:
        """Note that documents have such records: what is added of a base is of the base only."""
        self._by_class.setdefault(cls, {})

    def add(self, cls: type, name: str, python: Any) -> None:
        """Note that nothing makes `python` of JSON, which the field may hold."""
        fields = self._by_class.setdefault(cls, {})
        fields[name] = (*fields.get(name, ()), class_of(python))

    def encoder(self, where: str) -> Converter:
        """`document.plain` of what comes back. The other raises DataError, which says where in the column's value it stands."""

        def encode(value: Any) -> Any:
            try:
                self._look(value, ())
            except DataError as error:
                raise DataError(f"{where}: {error.args[0]}") from None
            return plain(value)

        return encode

    def _look(self, value: Any, refused: tuple[type, ...]) -> None:
        if value is None or (type(value) in _NATIVE and not refused):
            return
        if isinstance(value, refused):
            raise _unwritable(value, refused)
        if isinstance(value, type):
            return
        fields = self._fields(type(value))
        if isinstance(value, Mapping):
            for key in value if refused else ():
                self._look(key, refused)
            self._each(((key, item, refused) for key, item in value.items()))
        elif hasattr(value, "__dataclass_fields__"):
            self._each((name, getattr(value, name, None), fields.get(name, ())) for name in field_names(type(value)))
        elif isinstance(value, tuple) and (names := getattr(value, "_fields", None)) is not None:
            self._each((place, item, fields.get(names[place], ())) for place, item in enumerate(value))
        elif isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, TEXTS):
            self._each((place, item, refused) for place, item in enumerate(value))

    def _each(self, parts: Iterable[tuple[object, Any, tuple[type, ...]]]) -> None:
        for step, part, refused in parts:
            try:
                self._look(part, refused)
            except DataError as error:
                raise at(error, step) from None

    def _fields(self, cls: type) -> Mapping[str, tuple[type, ...]]:
        found = self._known.get(cls)
        if found is None:
            found = next((self._by_class[base] for base in cls.__mro__ if base in self._by_class), {})
            self._known[cls] = found
        return found


def _unwritable(value: Any, refused: tuple[type, ...]) -> DataError:
    cls = next((cls for cls in refused if cls is not object and isinstance(value, cls)), refused[0])
    return DataError(
        f"nothing is known that makes {named(cls)} of JSON, so {type(value).__name__} {shortened(value)} would not come back. "
        "Leave this empty, or keep what a document can hold."
    )
