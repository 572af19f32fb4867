"""Dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from ferrow import Computed, Identity, mapped_column
from tests.support.stores.common import COLLATION, COMMENT, STORE_ARGS, Color, Size


@dataclass(kw_only=True)
class Region:
    __tablename__ = "regions"
    __comment__ = "Where it's all kept"

    country: str = field(metadata={"primary_key": True, "max_length": 2})
    code: int = field(metadata={"primary_key": True})
    name: str = field(metadata={"collation": COLLATION, "comment": COMMENT})


@dataclass(kw_only=True)
class Store:
    __tablename__ = "stores"
    __table_args__ = STORE_ARGS

    id: int | None = field(default=None, metadata={"primary_key": True, "identity": Identity(always=True, start=1000)})
    country: str
    region: int
    email: str
    price: int = field(metadata={"check": "price < 1000"})
    amount: Annotated[int, mapped_column(nullable=False)] = field(default=None, metadata={"server_default": "1"})  # type: ignore[assignment]  # filled in by the database
    total: int = field(init=False, metadata={"computed": Computed("price * amount")})
    shown: Annotated[int | None, Computed("price + 1", stored=False)] = None
    color: Color = Color.RED
    size: Size | None = field(default=None, metadata={"native_enum": False})
    facts: dict[str, Any] = field(default_factory=dict)
    created: datetime | None = field(
        default=None, metadata={"timezone": True, "server_default": "CURRENT_TIMESTAMP", "nullable": False}
    )
