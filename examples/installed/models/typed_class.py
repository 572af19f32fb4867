"""As typed classes."""

from __future__ import annotations

from ferrow import Base, ForeignKey, Mapped, mapped_column
from ferrow.types import BigInteger


class Distribution(Base):
    __tablename__ = "distributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    version: Mapped[str]
    summary: Mapped[str | None] = mapped_column()
    size: Mapped[int] = mapped_column(BigInteger())
    file_count: Mapped[int]
    fingerprint: Mapped[str]


class Requirement(Base):
    __tablename__ = "requirements"

    id: Mapped[int] = mapped_column(primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distributions.id", ondelete="CASCADE"), index=True)
    needs: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    optional: Mapped[bool]


class File(Base):
    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distributions.id", ondelete="CASCADE"), index=True)
    path: Mapped[str]
    type: Mapped[str]
    size: Mapped[int | None] = mapped_column(BigInteger())
