"""A pool over any function that connects."""

from __future__ import annotations


class PoolConnector:
    """Connections of a DB-API 2.0 driver, made by `connect(*connect_args, **connect_kwargs)` and used again and again."""
