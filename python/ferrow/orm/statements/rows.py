"""From the elements of a row to the shape that the core builds it by."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from ferrow._core import Shape
from ferrow.model import shape_of
from ferrow.sql.decoding import decoder

if TYPE_CHECKING:
    from ferrow.orm.statements.elements import Element
    from ferrow.sql import Compiled

CACHE_SIZE = 500
_SHAPES: dict[Any, Shape] = {}


def shape(compiled: Compiled, elements: Sequence[Element]) -> Shape:
    """Rows as tuples of `elements`: made once per statement's text and kept, as the text is."""
    global _SHAPES
    key = (compiled, tuple([(one.entity.model, one.optional) if one.entity else None for one in elements]))
    found = _SHAPES.get(key)
    if found is None:
        found = _made(compiled, elements)
        if len(_SHAPES) >= CACHE_SIZE:  # replaced, not emptied: other threads may be reading it
            _SHAPES = dict(islice(_SHAPES.copy().items(), CACHE_SIZE // 2, None))
        _SHAPES[key] = found
    return found


def _made(compiled: Compiled, elements: Sequence[Element]) -> Shape:
    parts = [_part(one) for one in elements]
    if not any(parts):
        return Shape.tuples(compiled.result_kinds)
    return Shape.row(parts, kinds=compiled.result_kinds)


def _part(element: Element) -> Any:
    entity = element.entity
    if entity is None:
        assert element.expr is not None
        return decoder(element.expr.shape)
    instances = shape_of(entity.model)
    return (instances, entity.key) if element.optional else instances
