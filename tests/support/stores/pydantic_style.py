"""Pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field

from ferrow import Computed, Identity, mapped_column
from tests.support.stores.common import COLLATION, COMMENT, STORE_ARGS, Color, Size


class Region(BaseModel):
    __tablename__: ClassVar[str] = "regions"
    __comment__: ClassVar[str] = "Where it's all kept"

    country: Annotated[str, mapped_column(primary_key=True), Field(max_length=2)]
    code: Annotated[int, mapped_column(primary_key=True)]
    name: Annotated[str, mapped_column(collation=COLLATION, comment=COMMENT)]


class Store(BaseModel):
    __tablename__: ClassVar[str] = "stores"
    __table_args__: ClassVar[Any] = STORE_ARGS

    id: Annotated[int | None, Identity(always=True, start=1000), mapped_column(primary_key=True)] = None
    country: str
    region: int
    email: str
    price: Annotated[int, mapped_column(check="price < 1000")]
    amount: Annotated[int | None, mapped_column(server_default="1", nullable=False)] = None
    total: Annotated[int | None, Computed("price * amount"), mapped_column(nullable=False)] = None
    shown: Annotated[int | None, Computed("price + 1", stored=False)] = None
    color: Color = Color.RED
    size: Annotated[Size | None, mapped_column(native_enum=False)] = None
    facts: dict[str, Any] = Field(default_factory=dict)
    created: Annotated[
        datetime | None, mapped_column(timezone=True, server_default="CURRENT_TIMESTAMP", nullable=False)
    ] = None
