"""A table `t` with a column of every type, and a second table."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ferrow import types
from ferrow.sql import ColumnRef, Select, TableRef

t = TableRef("t")
one: ColumnRef[int] = ColumnRef(t, "one", types.Integer())
age: ColumnRef[int | None] = ColumnRef(t, "age", types.Integer(), nullable=True)
big: ColumnRef[int] = ColumnRef(t, "big", types.BigInteger())
name: ColumnRef[str] = ColumnRef(t, "name", types.Text())
nick: ColumnRef[str | None] = ColumnRef(t, "nick", types.String(20), nullable=True)
price: ColumnRef[Decimal] = ColumnRef(t, "price", types.Numeric(10, 2))
weight: ColumnRef[float] = ColumnRef(t, "weight", types.Double())
small: ColumnRef[float] = ColumnRef(t, "small", types.Real())
active: ColumnRef[bool] = ColumnRef(t, "active", types.Boolean())
born: ColumnRef[datetime.date | None] = ColumnRef(t, "born", types.Date(), nullable=True)
seen: ColumnRef[datetime.datetime] = ColumnRef(t, "seen", types.Timestamp(timezone=True))
ident: ColumnRef[UUID] = ColumnRef(t, "ident", types.Uuid())
raw: ColumnRef[bytes] = ColumnRef(t, "raw", types.Bytes())
noon: ColumnRef[datetime.time] = ColumnRef(t, "noon", types.Time())
tags: ColumnRef[list[str]] = ColumnRef(t, "tags", types.ListOf(types.Text()))
sums: ColumnRef[list[Decimal]] = ColumnRef(t, "sums", types.ListOf(types.Numeric()))
blobs: ColumnRef[list[bytes] | None] = ColumnRef(t, "blobs", types.ListOf(types.Bytes()), nullable=True)
meta: ColumnRef[Any] = ColumnRef(t, "meta", types.Json())
plain: ColumnRef[Any] = ColumnRef(t, "plain", types.Json(binary=False))
posts = TableRef("posts")
author: ColumnRef[int] = ColumnRef(posts, "author", types.Integer())
title: ColumnRef[str] = ColumnRef(posts, "title", types.Text())


OLD = Select([one, name], t).where(age > 60)
