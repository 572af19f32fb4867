"""The table in an SQLite file as Peewee declares it."""

from __future__ import annotations

from peewee import BooleanField, DateTimeField, IntegerField, Model, SqliteDatabase, TextField

from bench.data import TABLE

DATABASE = SqliteDatabase(None)


class User(Model):
    email = TextField()
    age = IntegerField(null=True)
    is_active = BooleanField()
    created_at = DateTimeField()

    class Meta:
        database = DATABASE
        table_name = TABLE
