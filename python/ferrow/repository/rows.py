"""Lists of instances, under a name that a class with a method `list` can use in its annotations."""

from __future__ import annotations

from typing import TypeAlias

from ferrow.orm.generic import M

Rows: TypeAlias = list[M]
"""A list of instances."""
