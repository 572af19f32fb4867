"""Whether a case gave the right answer. A fast wrong one is worth nothing, so every case is checked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bench.data import COLUMNS, ORDER_COLUMNS, USERS, User, keys, orders, users

Form = Callable[[User], Any]
"""What the expected user looks like in this database, e.g. `data.naive`."""


def as_it_is(user: User) -> Any:
    return user


def one_row(count: int, form: Form = as_it_is) -> Callable[[Any], None]:
    """The last of `count` point queries, as a sequence of values."""

    def check(row: Any) -> None:
        _equal(tuple(row), form(users()[keys(count)[-1] - 1]))

    return check


def one_instance(count: int, form: Form = as_it_is) -> Callable[[Any], None]:
    """The last of `count` point queries, as an object with attributes."""

    def check(instance: Any) -> None:
        _equal(_values(instance), form(users()[keys(count)[-1] - 1]))

    return check


def all_rows(form: Form = as_it_is) -> Callable[[Any], None]:
    def check(rows: Any) -> None:
        _equal(_by_id(tuple(row) for row in rows), [form(user) for user in users()])

    return check


def all_orders() -> Callable[[Any], None]:
    def check(rows: Any) -> None:
        _equal(_by_id(tuple(row) for row in rows), orders())

    return check


def all_order_instances() -> Callable[[Any], None]:
    def check(instances: Any) -> None:
        found = [tuple([getattr(instance, name) for name in ORDER_COLUMNS]) for instance in instances]
        _equal(_by_id(found), orders())

    return check


def written(rows: int) -> Callable[[Any], None]:
    """What a case counted after it wrote."""

    def check(count: Any) -> None:
        if count != rows:
            raise AssertionError(f"{count} rows were written instead of {rows}")

    return check


def all_instances(form: Form = as_it_is) -> Callable[[Any], None]:
    def check(instances: Any) -> None:
        _equal(_by_id(_values(instance) for instance in instances), [form(user) for user in users()])

    return check


def _values(instance: Any) -> tuple[Any, ...]:
    return tuple([getattr(instance, name) for name in COLUMNS])


def _by_id(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Nobody asked the server for an order: it fills gaps in its pages as it likes."""
    return sorted(rows, key=lambda row: row[0])


def _equal(got: Any, wanted: Any) -> None:
    if isinstance(wanted, list):
        if len(got) != USERS:
            raise AssertionError(f"{len(got)} rows instead of {USERS}")
        for one, other in zip(got, wanted, strict=True):
            _equal(one, other)
    elif got != wanted or [_type(value) for value in got] != [_type(value) for value in wanted]:
        pairs = zip(got, wanted, strict=True)
        differing = [(one, other) for one, other in pairs if one != other or _type(one) is not _type(other)]
        raise AssertionError(f"got and wanted: {differing}")


def _type(value: Any) -> type:
    return dict if isinstance(value, dict) else type(value)  # Piccolo decodes documents into a class of its own
