"""Models with every kind of relation, the same in each model style, and some rows.

City 1-n Author 1-n Book n-m Tag; Author 1-1 Profile; Employee with a boss; Message with a sender and a recipient; authors who follow
authors; categories of which the junction with books is no model.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from tests.support import maybe

TABLES = ("City", "Author", "Profile", "Book", "Tag", "BookTag", "Employee", "Message", "Follow", "Category")

JUNCTION = """CREATE TABLE book_categories (
    book_id INTEGER REFERENCES books (id), category_id INTEGER REFERENCES categories (id), PRIMARY KEY (book_id, category_id)
)"""


def related(style: str) -> ModuleType:
    """The module in the given style."""
    return importlib.import_module(f"tests.support.related.{style}_style")


async def create(engine: Any, models: ModuleType) -> None:
    await maybe(engine.create_all(*[getattr(models, name) for name in TABLES]))
    await maybe(engine.execute(JUNCTION))


async def fill(session: Any, m: ModuleType) -> None:
    """Ada (London; Notes: math, old; Letters: old), Bob (Paris; Cooking), Cy (no city, no books)."""
    rows: list[Any] = [
        m.City(id=1, name="London"),
        m.City(id=2, name="Paris"),
        m.Author(id=1, name="Ada", city_id=1),
        m.Author(id=2, name="Bob", city_id=2),
        m.Author(id=3, name="Cy", city_id=None),
        m.Profile(id=1, text="poet", author_id=1),
        m.Book(id=1, title="Notes", pages=66, author_id=1),
        m.Book(id=2, title="Letters", pages=300, author_id=1),
        m.Book(id=3, title="Cooking", pages=120, author_id=2),
        m.Book(id=4, title="Anonymous", pages=10, author_id=None),
        m.Tag(id=1, name="math"),
        m.Tag(id=2, name="old"),
        m.Tag(id=3, name="unused"),
        m.BookTag(book_id=1, tag_id=1),
        m.BookTag(book_id=1, tag_id=2),
        m.BookTag(book_id=2, tag_id=2),
        m.Employee(id=1, name="Root", boss_id=None),
        m.Employee(id=2, name="Mid", boss_id=1),
        m.Employee(id=3, name="Leaf", boss_id=2),
        m.Employee(id=4, name="Twig", boss_id=2),
        m.Message(id=1, text="hello", sender_id=1, recipient_id=2),
        m.Message(id=2, text="hi", sender_id=2, recipient_id=1),
        m.Message(id=3, text="note to self", sender_id=1, recipient_id=1),
        m.Follow(follower_id=2, followed_id=1),
        m.Follow(follower_id=3, followed_id=1),
        m.Follow(follower_id=1, followed_id=2),
        m.Category(id=1, name="Essays"),
        m.Category(id=2, name="Food"),
    ]
    await maybe(session.insert_all(rows))
    await maybe(session.execute_raw("INSERT INTO book_categories VALUES (1, 1), (2, 1), (3, 2)"))
