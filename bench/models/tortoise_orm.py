"""The tables as Tortoise declares them."""

from __future__ import annotations

from tortoise import Tortoise, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from bench.data import AUTHORS, ORDERS, POSTS, TABLE
from bench.settings import postgres_url


class User(Model):
    id = fields.IntField(primary_key=True)
    email = fields.TextField()
    age = fields.IntField(null=True)
    is_active = fields.BooleanField()
    created_at = fields.DatetimeField()

    class Meta:
        table = TABLE


class Order(Model):
    id = fields.IntField(primary_key=True)
    customer = fields.TextField()
    total = fields.DecimalField(max_digits=12, decimal_places=2)
    weight = fields.FloatField()
    paid = fields.BooleanField()
    placed_at = fields.DatetimeField()
    details = fields.JSONField()
    tags = ArrayField(element_type="text")
    note = fields.TextField(null=True)

    class Meta:
        table = ORDERS


class Author(Model):
    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    age = fields.IntField()
    posts: fields.ReverseRelation[Post]

    class Meta:
        table = AUTHORS


class Post(Model):
    id = fields.IntField(primary_key=True)
    author: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("models.Author", related_name="posts")
    title = fields.TextField()
    views = fields.IntField()
    published = fields.BooleanField()

    class Meta:
        table = POSTS


async def start() -> None:
    """Connect, with one connection as every case has."""
    await Tortoise.init(
        db_url=postgres_url("asyncpg") + ("&" if "?" in postgres_url() else "?") + "minsize=1&maxsize=1",
        modules={"models": [__name__]},
        use_tz=True,
        timezone="UTC",
    )


stop = Tortoise.close_connections
