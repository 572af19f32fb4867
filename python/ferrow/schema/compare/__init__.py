"""What a database's table and its description do not agree in."""

from __future__ import annotations

from ferrow.schema.compare.difference import Difference
from ferrow.schema.compare.table import compare

__all__ = ["Difference", "compare"]
