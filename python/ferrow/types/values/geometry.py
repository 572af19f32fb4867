"""Points and figures of the plane; coordinates are floats."""

from __future__ import annotations

from typing import NamedTuple


class Point(NamedTuple):
    """A `point`: `Point(x, y)`."""

    x: float
    y: float


class Line(NamedTuple):
    """A `line` without ends: the points for which `a * x + b * y + c = 0`."""

    a: float
    b: float
    c: float


class LineSegment(NamedTuple):
    """An `lseg`: the straight way from `start` to `end`."""

    start: Point
    end: Point


class Box(NamedTuple):
    """A `box` by its upper right and its lower left corner; PostgreSQL puts others into that order."""

    high: Point
    low: Point


class Path(NamedTuple):
    """A `path` through `points`; a closed one leads back to the first."""

    points: tuple[Point, ...]
    closed: bool = False


class Polygon(NamedTuple):
    """A `polygon` by its corners."""

    points: tuple[Point, ...]


class Circle(NamedTuple):
    """A `circle` by its centre and its radius, which is not negative."""

    center: Point
    radius: float
