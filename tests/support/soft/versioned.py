"""All three mixins in one class."""

from __future__ import annotations

from ferrow import Base, Mapped, SoftDeleteMixin, TimestampMixin, VersionMixin, mapped_column


class Page(VersionMixin, TimestampMixin, SoftDeleteMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
