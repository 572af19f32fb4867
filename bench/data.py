"""Ten thousand users and ten thousand orders, the same ones every time, and the statements over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

TABLE = "ferrow_bench_users"
COLUMNS = ("id", "email", "age", "is_active", "created_at")
USERS = 10_000

SELECT_ALL = f"SELECT {', '.join(COLUMNS)} FROM {TABLE}"
SELECT_ONE = f"{SELECT_ALL} WHERE id = "
"""To be followed by a placeholder."""

_START = datetime(2021, 1, 1, tzinfo=UTC)

User = tuple[int, str, int | None, bool, datetime]


@cache
def users() -> list[User]:
    """All users in the order of their id, which starts at 1."""
    random = Random(20210101)
    return [
        (
            number,
            f"user{number}@example.com",
            None if random.random() < 0.1 else random.randrange(18, 91),
            random.random() < 0.8,
            _START + timedelta(seconds=number * 37, microseconds=random.randrange(1_000_000)),
        )
        for number in range(1, USERS + 1)
    ]


@cache
def keys(count: int) -> list[int]:
    """The ids that point queries ask for, in this order."""
    return Random(7).choices(range(1, USERS + 1), k=count)


def naive(user: User) -> User:
    """The user with its time as SQLite's models have it: UTC without saying so."""
    return (*user[:4], user[4].replace(tzinfo=None))


def stored(user: User) -> tuple[Any, ...]:
    """The user as it stands in the SQLite file."""
    return (*user[:3], int(user[3]), user[4].strftime("%Y-%m-%d %H:%M:%S.%f"))


WRITTEN = "ferrow_bench_written"
"""Users that a case inserts itself; the server numbers them."""

ORDERS = "ferrow_bench_orders"
ORDER_COLUMNS = ("id", "customer", "total", "weight", "paid", "placed_at", "details", "tags", "note")
SELECT_ORDERS = f"SELECT {', '.join(ORDER_COLUMNS)} FROM {ORDERS}"

Order = tuple[int, str, Decimal, float, bool, datetime, dict[str, Any], list[str], str | None]


@cache
def orders() -> list[Order]:
    """As many orders as users, in the order of their id, which starts at 1."""
    random = Random(20220202)
    return [
        (
            number,
            f"customer {random.randrange(1000)}",
            Decimal(random.randrange(1, 1_000_000)).scaleb(-2),
            random.uniform(0.1, 30.0),
            random.random() < 0.9,
            _START + timedelta(seconds=number * 37, microseconds=random.randrange(1_000_000)),
            {"lines": random.randrange(1, 9), "address": {"city": f"city {number % 90}", "zip": f"{number:05}"}},
            [f"tag{tag}" for tag in random.sample(range(20), random.randrange(4))],
            None if random.random() < 0.5 else f"note {number}",
        )
        for number in range(1, USERS + 1)
    ]


PROFILES = "ferrow_bench_profiles"
"""Empty; the server numbers what is copied into it."""
PROFILE_COLUMNS = ("name", "email", "age", "balance", "is_active", "created_at", "settings", "tags")

Profile = tuple[str, str, int | None, Decimal, bool, datetime, dict[str, Any], list[str]]


@cache
def profiles() -> list[Profile]:
    """As many as users."""
    random = Random(20230303)
    return [
        (
            f"user {random.randrange(1000)}",
            *user[1:3],
            Decimal(random.randrange(10_000_000)).scaleb(-2),
            *user[3:],
            {
                "plan": random.choice(("free", "pro", "team")),
                "logins": random.randrange(5000),
                "score": round(random.random() * 100, 2),
                "flags": {"beta": random.random() < 0.2, "dark": random.random() < 0.5},
                "city": f"city {random.randrange(10)}",
            },
            [f"tag{tag}" for tag in random.sample(range(7), random.randrange(4))],
        )
        for user in users()
    ]


AUTHORS, POSTS = "ferrow_bench_authors", "ferrow_bench_posts"
EACH = 10
"""Posts of each author."""


@cache
def authors() -> list[tuple[int, str, int]]:
    """A thousand, in the order of their id, which starts at 1."""
    return [(number, f"author {number}", number % 70) for number in range(1, 1001)]


@cache
def posts() -> list[tuple[int, int, str, int, bool]]:
    """Ten posts of each author, which are not stored one after the other."""
    count = len(authors())
    return [
        (number, number % count + 1, f"post {number}", number * 7, number % 3 == 0)
        for number in range(1, count * EACH + 1)
    ]
