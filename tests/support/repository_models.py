"""Models of the tests of repositories: dataclasses as mini_orm's document declares them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, ClassVar
from uuid import UUID

AUTO = {"pk": True, "auto": True}


class Status(str, Enum):  # noqa: UP042  # as the document declares it
    DRAFT = "draft"
    PUBLISHED = "published"


class Level(IntEnum):
    LOW = 1
    HIGH = 9


@dataclass
class Person:
    __table__ = "person"  # sessions use it, too, and would call it otherwise

    id: int | None = field(default=None, metadata=AUTO)
    email: str = field(default="", metadata={"unique_index": True, "max_length": 100})
    name: str = ""
    age: int = 0
    city: str | None = None


@dataclass
class Author:
    id: int | None = field(default=None, metadata=AUTO)
    name: str = ""


@dataclass
class Post:
    __table__ = "post"

    id: int | None = field(default=None, metadata=AUTO)
    author_id: int | None = field(
        default=None, metadata={"fk": (Author, "id"), "relation": "author", "related_name": "posts"}
    )
    title: str = ""


@dataclass(frozen=True)
class Frozen:
    id: int | None = field(default=None, metadata=AUTO)
    name: str = ""
    author_id: int | None = field(default=None, metadata={"fk": (Author, "id")})


@dataclass
class Article:
    id: int | None = field(default=None, metadata=AUTO)
    status: Status = Status.DRAFT
    level: Level = Level.LOW
    payload: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    extra: Any = field(default_factory=dict, metadata={"codec": "json"})
    price: Decimal | None = None
    at: datetime.datetime | None = None
    key: UUID | None = None


@dataclass
class Counter:
    """Nothing but a number that the database gives."""

    id: int | None = field(default=None, metadata=AUTO)


@dataclass
class Membership:
    """A key of two columns, and a unique index of two others."""

    __indexes__: ClassVar[list[Any]] = [{"columns": ("club", "number"), "unique": True}, ("person", "number")]

    person: str = field(default="", metadata={"pk": True, "max_length": 50})
    club: str = field(default="", metadata={"pk": True, "max_length": 50})
    number: int = 0


@dataclass
class Outbox:
    id: int | None = field(default=None, metadata=AUTO)
    topic: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    status: str = field(default="pending", metadata={"index": True, "max_length": 20})
