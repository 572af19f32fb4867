"""As dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from ferrow import ForeignKey, mapped_column
from ferrow.types import BigInteger


@dataclass(kw_only=True)
class Distribution:
    __tablename__ = "distributions"

    id: int | None = None
    name: str = field(metadata={"unique": True})
    version: str
    summary: str | None = None
    size: Annotated[int, mapped_column(BigInteger())]
    file_count: int
    fingerprint: str


@dataclass(kw_only=True)
class Requirement:
    __tablename__ = "requirements"

    id: int | None = None
    distribution_id: Annotated[int, ForeignKey("distributions.id", ondelete="CASCADE"), mapped_column(index=True)]
    needs: str = field(metadata={"index": True})
    text: str
    optional: bool


@dataclass(kw_only=True)
class File:
    __tablename__ = "files"

    id: int | None = None
    distribution_id: Annotated[int, ForeignKey("distributions.id", ondelete="CASCADE"), mapped_column(index=True)]
    path: str
    type: str
    size: Annotated[int | None, mapped_column(BigInteger())] = None
