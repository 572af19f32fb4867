"""Pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from ferrow import ForeignKey, mapped_column
from ferrow.types import ListOf, Text


class Item(BaseModel):
    __tablename__: ClassVar[str] = "items"

    id: int | None = None
    name: Annotated[str, mapped_column(unique=True)]
    count: int = 0
    document: dict[str, Any] = Field(default_factory=dict)
    tags: Annotated[list[str], mapped_column(ListOf(Text()))] = Field(default_factory=list)


class Node(BaseModel):
    __tablename__: ClassVar[str] = "nodes"

    id: int | None = None
    parent_id: Annotated[int | None, ForeignKey("nodes.id")] = None
    item_id: Annotated[int | None, ForeignKey("items.id")] = None


class Account(BaseModel):
    __tablename__: ClassVar[str] = "accounts"

    id: int | None = None
    balance: int = 0
    version: Annotated[int, mapped_column(version=True)] = 1
