"""The tables as Django declares them."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings

from bench.data import AUTHORS, ORDERS, POSTS, TABLE, WRITTEN
from bench.settings import postgres_url

_URL = urlsplit(postgres_url())
_QUERY = {key: values[-1] for key, values in parse_qs(_URL.query).items()}

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": _URL.hostname or _QUERY.get("host", ""),
            "PORT": str(_URL.port or _QUERY.get("port", "")),
            "USER": unquote(_URL.username or ""),
            "PASSWORD": unquote(_URL.password or ""),
            "NAME": _URL.path.lstrip("/"),
            "CONN_MAX_AGE": None,
        }
    },
    USE_TZ=True,
    DEBUG=False,
)
django.setup()

from django.contrib.postgres.fields import ArrayField  # noqa: E402  # only after the set-up above
from django.db import models  # noqa: E402


class Account(models.Model):
    """The columns of both tables of users."""

    id = models.AutoField(primary_key=True)
    email = models.TextField()
    age = models.IntegerField(null=True)
    is_active = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class User(Account):
    class Meta:
        app_label = "bench"
        db_table = TABLE


class Written(Account):
    class Meta:
        app_label = "bench"
        db_table = WRITTEN


class Order(models.Model):
    id = models.AutoField(primary_key=True)
    customer = models.TextField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    weight = models.FloatField()
    paid = models.BooleanField()
    placed_at = models.DateTimeField()
    details = models.JSONField()
    tags = ArrayField(models.TextField())
    note = models.TextField(null=True)

    class Meta:
        app_label = "bench"
        db_table = ORDERS


class Author(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.TextField()
    age = models.IntegerField()

    class Meta:
        app_label = "bench"
        db_table = AUTHORS


class Post(models.Model):
    id = models.AutoField(primary_key=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="posts")
    title = models.TextField()
    views = models.IntegerField()
    published = models.BooleanField()

    class Meta:
        app_label = "bench"
        db_table = POSTS
