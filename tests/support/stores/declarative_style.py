"""Typed classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ferrow import JSON, Base, Computed, Identity, Mapped, mapped_column
from tests.support.stores.common import COLLATION, COMMENT, STORE_ARGS, Color, Size


class Region(Base):
    __tablename__ = "regions"
    __comment__ = "Where it's all kept"

    country: Mapped[str] = mapped_column(primary_key=True, max_length=2)
    code: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(collation=COLLATION, comment=COMMENT)


class Store(Base):
    __tablename__ = "stores"
    __table_args__ = STORE_ARGS

    id: Mapped[int] = mapped_column(Identity(always=True, start=1000), primary_key=True)
    country: Mapped[str]
    region: Mapped[int]
    email: Mapped[str]
    price: Mapped[int] = mapped_column(check="price < 1000")
    amount: Mapped[int] = mapped_column(server_default="1")
    total: Mapped[int] = mapped_column(Computed("price * amount"))
    shown: Mapped[int | None] = mapped_column(Computed("price + 1", stored=False))
    color: Mapped[Color] = mapped_column(default=Color.RED)
    size: Mapped[Size | None] = mapped_column(native_enum=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created: Mapped[datetime] = mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP")
