"""A fresh interpreter that imports an ORM and declares 300 models of twelve columns, each referring to the one before."""

from __future__ import annotations

from bench.case import Kind, group
from bench.cases.importing import add

MODELS = 300
GROUP = group(
    "any-declare", f"A fresh interpreter that imports an ORM and declares {MODELS} models", ops=1, unit="start"
)

FERROW = f"""
from datetime import datetime
from decimal import Decimal
from ferrow import Base, ForeignKey, Mapped, Session, create_engine, mapped_column, relationship
from ferrow.model import table_of

models = []
for i in range({MODELS}):
    notes = {{"id": Mapped[int], "name": Mapped[str], "price": Mapped[Decimal], "made": Mapped[datetime]}}
    body = {{"__tablename__": f"t{{i}}", "id": mapped_column(primary_key=True),
            "name": mapped_column(max_length=50, index=True), "price": mapped_column(precision=12, scale=2)}}
    for k in range(7):
        notes[f"c{{k}}"] = Mapped[int | None]
    if i:
        notes["parent_id"] = Mapped[int]
        notes["parent"] = Mapped[models[-1]]
        body["parent_id"] = mapped_column(ForeignKey(f"t{{i - 1}}.id"))
        body["parent"] = relationship()
    else:
        notes["c7"] = Mapped[int | None]
    models.append(type(f"M{{i}}", (Base,), {{**body, "__annotations__": notes, "__module__": __name__}}))
READY
"""
READY = "for model in models: [column.type for column in table_of(model).columns]"

SQLALCHEMY = f"""
from datetime import datetime
from decimal import Decimal
from sqlalchemy import ForeignKey, Numeric, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column, relationship

class Base(DeclarativeBase):
    pass

models = []
for i in range({MODELS}):
    notes = {{"id": Mapped[int], "name": Mapped[str], "price": Mapped[Decimal], "made": Mapped[datetime]}}
    body = {{"__tablename__": f"t{{i}}", "id": mapped_column(primary_key=True),
            "name": mapped_column(String(50), index=True), "price": mapped_column(Numeric(12, 2)), "made": mapped_column()}}
    for k in range(7):
        notes[f"c{{k}}"] = Mapped[int | None]
    if i:
        notes["parent_id"] = Mapped[int]
        notes["parent"] = Mapped[f"M{{i - 1}}"]
        body["parent_id"] = mapped_column(ForeignKey(f"t{{i - 1}}.id"))
        body["parent"] = relationship(f"M{{i - 1}}")
    else:
        notes["c7"] = Mapped[int | None]
    models.append(type(f"M{{i}}", (Base,), {{**body, "__annotations__": notes, "__module__": __name__}}))
configure_mappers()
"""

PEEWEE = f"""
from peewee import (CharField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, Model, SqliteDatabase)

models = []
for i in range({MODELS}):
    body = {{"name": CharField(50, index=True), "price": DecimalField(12, 2), "made": DateTimeField(),
            "Meta": type("Meta", (), {{"table_name": f"t{{i}}"}}), "__module__": __name__}}
    for k in range(7):
        body[f"c{{k}}"] = IntegerField(null=True)
    if i:
        body["parent"] = ForeignKeyField(models[-1], backref=f"kids{{i}}")
    else:
        body["c7"] = IntegerField(null=True)
    models.append(type(f"M{{i}}", (Model,), body))
"""

CASES: list[tuple[Kind, str, str]] = [
    ("ferrow-orm", "Ferrow, declared only", FERROW.replace("READY", "")),
    ("ferrow-orm", "Ferrow, every table and type worked out", FERROW.replace("READY", READY)),
    ("orm", "SQLAlchemy ORM", SQLALCHEMY),
    ("orm", "Peewee", PEEWEE),
    ("floor", "an interpreter that does nothing", ""),
]


for kind, name, code in CASES:
    add(GROUP, kind, name, code)
