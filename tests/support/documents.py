"""A model with JSON columns in each style: any document (jsonb and json), and documents of a known class."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field
from typing_extensions import TypedDict  # Pydantic takes no other before Python 3.12

from ferrow import Base, Mapped, mapped_column
from ferrow.types import Json


class Theme(TypedDict):
    name: str
    size: int


@dataclass
class Item:
    price: Decimal
    day: date


@dataclass
class Settings:
    theme: Theme
    level: int
    items: list[Item] = field(default_factory=list)
    owner: Settings | None = None


class PydanticItem(BaseModel):
    price: Decimal
    day: date


class PydanticSettings(BaseModel):
    theme: Theme
    level: Annotated[int, Field(serialization_alias="theLevel", validation_alias="theLevel")]
    items: list[PydanticItem] = []
    owner: PydanticSettings | None = None


class DeclarativeAccount(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    meta: Mapped[Any] = mapped_column(Json())
    plain: Mapped[Any] = mapped_column(Json(binary=False))
    settings: Mapped[Settings | None]


@dataclass(kw_only=True)
class DataclassAccount:
    __tablename__ = "accounts"

    id: int | None = None
    name: str | None = None
    meta: Annotated[Any, mapped_column(Json())] = None
    plain: Annotated[Any, mapped_column(Json(binary=False))] = None
    settings: Settings | None = None


class PydanticAccount(BaseModel):
    __tablename__: ClassVar[str] = "accounts"

    id: int | None = None
    name: str | None = None
    meta: Annotated[Any, mapped_column(Json())] = None
    plain: Annotated[Any, mapped_column(Json(binary=False))] = None
    settings: PydanticSettings | None = None


def account(style: str) -> Any:
    """The model in a style."""
    return {"declarative": DeclarativeAccount, "dataclass": DataclassAccount, "pydantic": PydanticAccount}[style]


def settings(style: str, **values: Any) -> Any:
    """Settings as the model of that style has them."""
    if style == "pydantic":
        values["theLevel"] = values.pop("level")
        values["items"] = [PydanticItem(price=item.price, day=item.day) for item in values.get("items", [])]
        return PydanticSettings(**values)
    return Settings(**values)
