"""Dataclasses, with slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ferrow.types import ListOf, Text


@dataclass(kw_only=True, slots=True)
class Item:
    __tablename__ = "items"

    id: int | None = None
    name: str = field(metadata={"unique": True})
    count: int = 0
    document: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list, metadata={"type": ListOf(Text())})


@dataclass(kw_only=True, slots=True)
class Node:
    __tablename__ = "nodes"

    id: int | None = None
    parent_id: int | None = field(default=None, metadata={"fk": "nodes.id"})
    item_id: int | None = field(default=None, metadata={"fk": "items.id"})


@dataclass(kw_only=True)
class Account:
    __tablename__ = "accounts"

    id: int | None = None
    balance: int = 0
    version: int = field(default=1, metadata={"version": True})
