"""As Pydantic models."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel

from ferrow import ForeignKey, mapped_column
from ferrow.types import BigInteger


class Distribution(BaseModel):
    __tablename__: ClassVar[str] = "distributions"

    id: int | None = None
    name: Annotated[str, mapped_column(unique=True)]
    version: str
    summary: str | None = None
    size: Annotated[int, mapped_column(BigInteger())]
    file_count: int
    fingerprint: str


class Requirement(BaseModel):
    __tablename__: ClassVar[str] = "requirements"

    id: int | None = None
    distribution_id: Annotated[int, ForeignKey("distributions.id", ondelete="CASCADE"), mapped_column(index=True)]
    needs: Annotated[str, mapped_column(index=True)]
    text: str
    optional: bool


class File(BaseModel):
    __tablename__: ClassVar[str] = "files"

    id: int | None = None
    distribution_id: Annotated[int, ForeignKey("distributions.id", ondelete="CASCADE"), mapped_column(index=True)]
    path: str
    type: str
    size: Annotated[int | None, mapped_column(BigInteger())] = None
