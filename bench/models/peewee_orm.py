"""The tables as Peewee declares them."""

from __future__ import annotations

from peewee import BooleanField, DecimalField, DoubleField, ForeignKeyField, IntegerField, Model, TextField
from playhouse.postgres_ext import ArrayField, BinaryJSONField, DateTimeTZField, Psycopg3Database

from bench.data import AUTHORS, ORDERS, POSTS, TABLE, WRITTEN
from bench.settings import postgres_url

DATABASE = Psycopg3Database(postgres_url(), autoconnect=True)


class Account(Model):
    """The columns of both tables of users."""

    email = TextField()
    age = IntegerField(null=True)
    is_active = BooleanField()
    created_at = DateTimeTZField()

    class Meta:
        database = DATABASE


class User(Account):
    class Meta:
        table_name = TABLE


class Written(Account):
    class Meta:
        table_name = WRITTEN


class Order(Model):
    customer = TextField()
    total = DecimalField(max_digits=12, decimal_places=2)
    weight = DoubleField()
    paid = BooleanField()
    placed_at = DateTimeTZField()
    details = BinaryJSONField(index=False)
    tags = ArrayField(TextField, index=False)
    note = TextField(null=True)

    class Meta:
        database = DATABASE
        table_name = ORDERS


class Author(Model):
    name = TextField()
    age = IntegerField()

    class Meta:
        database = DATABASE
        table_name = AUTHORS


class Post(Model):
    author = ForeignKeyField(Author, backref="posts")
    title = TextField()
    views = IntegerField()
    published = BooleanField()

    class Meta:
        database = DATABASE
        table_name = POSTS
