"""The tables as Piccolo declares them."""

from __future__ import annotations

from piccolo.columns import JSONB, Array, Boolean, DoublePrecision, Integer, Numeric, Serial, Text, Timestamptz
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from bench.data import ORDERS, TABLE
from bench.settings import postgres_url

ENGINE = PostgresEngine(config={"dsn": postgres_url()})


class User(Table, tablename=TABLE, db=ENGINE):
    id = Serial(primary_key=True)
    email = Text()
    age = Integer(null=True)
    is_active = Boolean()
    created_at = Timestamptz()


class Order(Table, tablename=ORDERS, db=ENGINE):
    id = Serial(primary_key=True)
    customer = Text()
    total = Numeric(digits=(12, 2))
    weight = DoublePrecision()
    paid = Boolean()
    placed_at = Timestamptz()
    details = JSONB()
    tags = Array(base_column=Text())
    note = Text(null=True)
