"""What notebooks and the interactive prompt show: every object as what it is, and no text of the data as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

import ferrow
from ferrow import (
    JSON,
    Base,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Mapped,
    Q,
    Session,
    UniqueConstraint,
    aliased,
    any_,
    case,
    create_engine,
    delete,
    excluded,
    func,
    insert,
    joinedload,
    mapped_column,
    optional,
    relationship,
    select,
    selectinload,
    update,
)
from ferrow.orm.explaining import PlanNode, QueryPlan

HOSTILE = "<script>alert('x')</script>&\"<b onmouseover=x>"


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    meta: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    books: Mapped[list[Book]] = relationship()


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


@dataclass
class Note:
    text: str
    id: int | None = field(default=None, metadata={"primary_key": True})


@pytest.fixture
def session() -> Any:
    with create_engine("sqlite::memory:") as engine:
        engine.create_all(Author, Book, Note)
        session = Session(engine)
        session.insert(Author(name=HOSTILE, meta={HOSTILE: HOSTILE}))
        session.insert(Note(HOSTILE))
        yield session


def safe(html: str) -> None:
    """It shows the text, and has no tags but ours."""
    assert "&lt;script&gt;" in html
    tags = set(re.findall(r"<[^>]*>", html))
    assert tags <= {
        f"<{end}{tag}>"
        for tag in [
            "b",
            "br",
            "caption",
            "code",
            "em",
            "li",
            "ol",
            "p",
            "pre",
            "small",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]
        for end in ("", "/")
    }
    assert html.count("<") == sum(html.count(tag) for tag in tags)


def _row(session: Session) -> Any:
    return next(iter(session.execute_raw("SELECT name, meta FROM authors")._rows))


SHOWN: dict[str, Any] = {
    "row": _row,
    "names of columns": lambda s: s.execute_raw(f'SELECT 1 AS "{HOSTILE.replace(chr(34), chr(34) * 2)}"'),
    "raw result": lambda s: s.execute_raw("SELECT * FROM authors"),
    "instances of a statement": lambda s: s.execute(select(Author)),
    "columns of a statement": lambda s: s.execute(select(Author.name, Author.id)),
    "instance": lambda s: s.query(Author).first(),
    "page": lambda s: s.query(Author).page(),
    "page of dataclasses": lambda s: s.query(Note).page(),
    "slice": lambda s: s.query(Author).after(),
    "query": lambda s: s.query(Author).filter(name=HOSTILE),
    "query with a label": lambda s: s.query(Author).annotate(**{HOSTILE: func.count()}).group_by("name"),
    "statement": lambda s: select(Author.name).where(Author.name == HOSTILE),
    "label": lambda s: select(Author.name.label(HOSTILE)),
    "insert": lambda s: insert(Author).values(name=HOSTILE),
    "plan": lambda s: QueryPlan(
        HOSTILE, PlanNode(HOSTILE, {"Filter": HOSTILE}, [PlanNode(HOSTILE, {}, [])]), {HOSTILE: HOSTILE}
    ),
    "plan of a query": lambda s: s.query(Author).annotate(**{HOSTILE: func.count()}).group_by("name").explain(),
}


@pytest.mark.parametrize("name", SHOWN)
def test_no_text_becomes_html(session: Session, name: str) -> None:
    safe(SHOWN[name](session)._repr_html_())


def test_a_row_shows_its_columns() -> None:
    with create_engine("sqlite::memory:") as engine, engine.connection() as conn:
        row = conn.query_one("SELECT 'Ada' AS name, NULL AS age")
    assert row._repr_html_() == (
        "<table><caption>Row</caption><tbody><tr><th>name</th><td>Ada</td></tr>"
        "<tr><th>age</th><td><em>NULL</em></td></tr></tbody></table>"
    )


def test_an_instance_shows_what_is_set() -> None:
    shown = Author(name="Ada")._repr_html_()
    assert shown.startswith("<table><caption>Author</caption>")
    assert "<tr><th>name</th><td>Ada</td></tr>" in shown
    assert "books" not in shown  # which would have to be loaded


def test_an_empty_page_is_shown(session: Session) -> None:
    assert "0 rows" in session.query(Book).page()._repr_html_()  # type: ignore[operator]


REPRS: dict[str, Any] = {
    "session": lambda s: s,
    "query": lambda s: s.query(Author),
    "stream": lambda s: s.query(Author).stream(),
    "Q": lambda s: Q(name="x") | ~Q(id=1),
    "instance": lambda s: Author(name="x"),
    "column": lambda s: Author.name,
    "relation": lambda s: Author.books,
    "alias": lambda s: aliased(Author, "a").name,
    "columns": lambda s: ferrow.columns(Note),
    "condition": lambda s: Author.name == "x",
    "ordering": lambda s: Author.name.desc().nulls_last(),
    "path": lambda s: Author.meta["a"]["b"],
    "case": lambda s: case((Author.name == "x", 1), else_=2),
    "window": lambda s: func.row_number().over(order_by=Author.id),
    "unfinished window": lambda s: func.row_number(),
    "any": lambda s: any_([1]),
    "excluded": lambda s: excluded(Author.name),
    "optional column": lambda s: optional(Author.name),
    "optional model": lambda s: optional(Author),
    "select": lambda s: select(Author),
    "insert": lambda s: insert(Author),
    "update": lambda s: update(Author),
    "delete": lambda s: delete(Author),
    "subquery": lambda s: select(Author.id).subquery("x"),
    "cte": lambda s: select(Author.id).cte("x"),
    "selectinload": lambda s: selectinload("books"),
    "joinedload": lambda s: joinedload(Author.books),
    "mapped_column": lambda s: mapped_column(primary_key=True),
    "relationship": lambda s: relationship(),
    "JSON": lambda s: JSON,
    "ForeignKey": lambda s: ForeignKey("authors.id"),
    "ForeignKeyConstraint": lambda s: ForeignKeyConstraint(("a",), "b(c)"),
    "Index": lambda s: Index("name"),
    "UniqueConstraint": lambda s: UniqueConstraint("name"),
    "CheckConstraint": lambda s: CheckConstraint("id > 0"),
    "Computed": lambda s: Computed("1"),
    "Identity": lambda s: Identity(),
}


@pytest.mark.parametrize("name", REPRS)
def test_no_repr_is_an_address(session: Session, name: str) -> None:
    shown = repr(REPRS[name](session))
    assert " at 0x" not in shown
    assert len(shown) < 400
