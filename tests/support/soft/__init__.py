"""Models with soft deletion, scopes and columns that every update sets, the same in each model style, and some rows.

Writer 1-n Article n-m Label through ArticleLabel; all but Label are deleted softly. Note has a `__scope__`: the team of `TEAM`, and not archived.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from tests.support import maybe

TABLES = ("Writer", "Article", "Label", "ArticleLabel", "Note")


def soft(style: str) -> ModuleType:
    """The module in the given style."""
    return importlib.import_module(f"tests.support.soft.{style}_style")


async def create(engine: Any, models: ModuleType) -> None:
    await maybe(engine.create_all(*[getattr(models, name) for name in TABLES]))


async def fill(session: Any, m: ModuleType) -> None:
    """Ada (One: red; Two: deleted; Three: red, and blue no more), Bob (deleted; Four: red), Five of nobody. Notes of the teams 1 and 2."""
    rows: list[Any] = [
        m.Writer(name="Ada"),
        m.Writer(name="Bob"),
        m.Article(title="One", words=10, writer_id=1),
        m.Article(title="Two", words=20, writer_id=1),
        m.Article(title="Three", words=30, writer_id=1),
        m.Article(title="Four", words=40, writer_id=2),
        m.Article(title="Five", words=50, writer_id=None),
        m.Label(name="red"),
        m.Label(name="blue"),
        m.ArticleLabel(article_id=1, label_id=1),
        m.ArticleLabel(article_id=2, label_id=2),
        m.ArticleLabel(article_id=3, label_id=1),
        m.ArticleLabel(article_id=3, label_id=2),
        m.ArticleLabel(article_id=4, label_id=1),
        m.Note(text="a", team=1, writer_id=1),
        m.Note(text="b", team=1, archived=True, writer_id=1),
        m.Note(text="c", team=2, writer_id=1),
        m.Note(text="d", team=2, writer_id=2),
    ]
    await maybe(session.insert_all(rows))
    await maybe(session.soft_delete(rows[1]))
    await maybe(session.soft_delete(rows[3]))
    await maybe(session.soft_delete(rows[12]))
