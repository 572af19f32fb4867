"""What `field(metadata={...})` asks of a value besides its type. Each key makes a rule: a function that says what is wrong, or nothing."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from ferrow.repository.validation.error import ValidationError

Rule = Callable[[Any], str | None]

_COMPARED: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "gt": (">", operator.gt),
    "ge": (">=", operator.ge),
    "lt": ("<", operator.lt),
    "le": ("<=", operator.le),
    "min": (">=", operator.ge),
    "max": ("<=", operator.le),
}
# What `annotated_types` calls what we call otherwise.
_ANNOTATED = {"gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "min_length": "min_len", "max_length": "max_len"}


def rules(where: str, metadata: Mapping[Any, Any]) -> list[tuple[str, Rule]]:
    """The rules of a field, each with the key that asks for it, in the order in which they are tried.

    Raises TypeError or ValueError, in which `where` says what declares it, for a rule that cannot be one.
    """
    found: list[tuple[str, Rule]] = []
    if metadata.get("non_empty"):
        found.append(("non_empty", _non_empty))
    if metadata.get("choices") is not None:
        found.append(("choices", _choices(where, metadata["choices"])))
    if metadata.get("pattern") is not None:
        found.append(("pattern", _pattern(where, metadata["pattern"])))
    for key, words, compare in (("min_len", "at least", operator.ge), ("max_len", "at most", operator.le)):
        if metadata.get(key) is not None:
            found.append((key, _length(where, key, words, compare, metadata[key])))
    found += [
        (key, _compared(symbol, compare, metadata[key]))
        for key, (symbol, compare) in _COMPARED.items()
        if metadata.get(key) is not None
    ]
    if metadata.get("validator") is not None:
        found.append(("validator", _validator(where, metadata["validator"])))
    return found


def from_annotated(metadata: tuple[Any, ...]) -> dict[str, Any]:
    """Rules in `Annotated[int, Ge(0)]`, as the package annotated_types (and so Pydantic) writes them."""
    found: dict[str, Any] = {}
    for item in metadata:
        if type(item).__module__.partition(".")[0] == "annotated_types":
            found.update(
                {key: getattr(item, name) for name, key in _ANNOTATED.items() if getattr(item, name, None) is not None}
            )
    return found


def _non_empty(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value.strip() else "must not be empty"
    return "must not be empty" if hasattr(value, "__len__") and len(value) == 0 else None


def _choices(where: str, choices: Any) -> Rule:
    if not hasattr(choices, "__contains__") or isinstance(choices, str):
        raise TypeError(f"{where}: choices is {choices!r}; give a list, a tuple or a set of values.")

    def rule(value: Any) -> str | None:
        try:
            found = value in choices
        except TypeError:  # what cannot be hashed is in no set
            found = any(value == one for one in choices)
        return None if found else f"must be one of {_listed(choices)}"

    return rule


def _listed(choices: Any) -> str:
    try:
        return ", ".join(map(repr, choices))
    except TypeError:
        return repr(choices)


def _pattern(where: str, pattern: Any) -> Rule:
    try:
        compiled: re.Pattern[str] = re.compile(pattern)
    except (TypeError, re.error) as error:
        raise type(error)(f"{where}: pattern {pattern!r} is no regular expression: {error}") from None

    def rule(value: Any) -> str | None:
        if not isinstance(value, str) or compiled.fullmatch(value):
            return None
        return f"must match pattern {compiled.pattern!r}"

    return rule


def _length(where: str, key: str, words: str, compare: Callable[[int, int], bool], bound: Any) -> Rule:
    if isinstance(bound, bool) or not isinstance(bound, int):
        raise TypeError(f"{where}: {key} is {bound!r}; it is a whole number.")

    def rule(value: Any) -> str | None:
        try:
            length = len(value)
        except TypeError:
            return f"must have a length, which {type(value).__name__} has not"
        return None if compare(length, bound) else f"must have a length of {words} {bound}"

    return rule


def _compared(symbol: str, compare: Callable[[Any, Any], Any], bound: Any) -> Rule:
    said = f"must satisfy {symbol} {bound if isinstance(bound, (int, float)) else str(bound)}"

    def rule(value: Any) -> str | None:
        try:
            return None if compare(value, bound) else said
        except TypeError:
            return f"{said}, and {type(value).__name__} cannot be compared with {type(bound).__name__}"

    return rule


def _validator(where: str, validator: Any) -> Rule:
    if not callable(validator):
        raise TypeError(f"{where}: validator is {validator!r}; it is called with the value.")
    name = getattr(validator, "__name__", None) or repr(validator)

    def rule(value: Any) -> str | None:
        try:
            return f"was refused by {name}" if validator(value) is False else None
        except ValidationError as error:
            return f"was refused: {error}"
        except Exception as error:
            return f"was refused by {name}: {error}"

    return rule
