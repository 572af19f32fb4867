"""The table in an SQLite file as Tortoise declares it."""

from __future__ import annotations

from tortoise import Tortoise, fields
from tortoise.models import Model

from bench.data import TABLE


class User(Model):
    id = fields.IntField(primary_key=True)
    email = fields.TextField()
    age = fields.IntField(null=True)
    is_active = fields.BooleanField()
    created_at = fields.DatetimeField()

    class Meta:
        table = TABLE


async def start(path: str) -> None:
    """Connect to a file by its whole path. Times have no zone, as the file has none."""
    await Tortoise.init(db_url=f"sqlite://{path}?synchronous=NORMAL", modules={"models": [__name__]}, use_tz=False)


stop = Tortoise.close_connections
