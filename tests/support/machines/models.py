"""Owners and their things, which are deleted softly and count their versions; labels of owners."""

from __future__ import annotations

from ferrow import Base, ForeignKey, Mapped, SoftDeleteMixin, VersionMixin, mapped_column, relationship


class Owner(Base):
    __tablename__ = "machine_owners"

    id: Mapped[int] = mapped_column(primary_key=True)
    things: Mapped[list[Thing]] = relationship(back_populates="owner", order_by="id")
    labels: Mapped[list[Label]] = relationship(secondary="machine_owner_labels", order_by="id")


class Thing(SoftDeleteMixin, VersionMixin, Base):
    __tablename__ = "machine_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("machine_owners.id"))
    owner: Mapped[Owner | None] = relationship(back_populates="things")


class Label(Base):
    __tablename__ = "machine_labels"

    id: Mapped[int] = mapped_column(primary_key=True)


class OwnerLabel(Base):
    __tablename__ = "machine_owner_labels"

    owner_id: Mapped[int] = mapped_column(ForeignKey("machine_owners.id"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("machine_labels.id"), primary_key=True)


ALL = (Owner, Thing, Label, OwnerLabel)
