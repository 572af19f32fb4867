"""Enumerations on SQLite: texts that are sorted in the order of their list, as PostgreSQL's types are."""

from __future__ import annotations

from ferrow.types import SQLType, Text


def labels_of(type: SQLType) -> list[str]:
    """The labels of an enumerated type, as literals inside a template; they come from a class, and there is no parameter for them."""
    words: tuple[str, ...] = getattr(type, "labels", ()) if not isinstance(type, Text) else ()
    return ["'" + word.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'" for word in words]


def place_of(labels: list[str], operand: str) -> str:
    """The template of a label's place in the list."""
    return f"CASE {operand} {' '.join(f'WHEN {word} THEN {place}' for place, word in enumerate(labels))} END"


def extreme(name: str, labels: list[str]) -> str:
    """The template of `min` or `max`: the first or last place, and back to its label."""
    return label_at(labels, f"{name}({{distinct}}{place_of(labels, '{operand}')}{{order}}){{tail}}")


def label_at(labels: list[str], place: str) -> str:
    """The template of the label at a place."""
    return f"CASE {place} {' '.join(f'WHEN {number} THEN {word}' for number, word in enumerate(labels))} END"
