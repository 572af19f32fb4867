"""Hostile texts at every place of a declaration that becomes DDL: literal names, literal labels, or refused. Never SQL."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from ferrow import Base, Identity, Index, Mapped, UniqueConstraint, mapped_column
from ferrow.errors import DatabaseError
from tests.support import maybe

HOSTILE = [
    "x'; DROP TABLE canary; --", 'x"; DROP TABLE canary; --', "x); DROP TABLE canary; --", 'x" (a); DELETE FROM canary; --',
    "$$; DROP TABLE canary; $$", "$ferrow$; DROP TABLE canary; --", "\\'; DROP TABLE canary; --", "'", '"', "\\", "''", '""', "a.b", "$1", "?",
    "%s", "{}", "{columns}", "a\nb", "--", "/*", "*/", ";", " ", "\t", "\u202e", "é", "\U0001f40e", "x\0y", "NULL", "select", "1",
]  # fmt: skip


def declared(place: str, text: str) -> Any:
    """A model with the text at one place."""
    body: dict[str, Any] = {
        "__module__": __name__,
        "__tablename__": "victims",
        "__annotations__": {"id": Mapped[int], "a": Mapped[str]},
        "id": mapped_column(primary_key=True),
        "a": mapped_column(),
    }
    labels = Enum("Labels", {"A": "ok", "B": text if place == "label" else "other"})
    options: dict[str, Any] = {
        "table": {"__tablename__": text},
        "column": {"a": mapped_column(name=text)},
        "comment": {"a": mapped_column(comment=text), "__comment__": text},
        "collation": {"a": mapped_column(collation=text)},
        "index": {"__table_args__": (Index("a", name=text),)},
        "method": {"__table_args__": (Index("a", method=text),)},
        "opclass": {"__table_args__": (Index("a", opclass=text),)},
        "constraint": {"__table_args__": (UniqueConstraint("a", name=text),)},
        "convention": {"__naming__": {"ix": text + "{table}", "pk": text + "{table}"}, "a": mapped_column(index=True)},
        "label": {},
        "type": {},
        "identity": {"__tablename__": text, "id": mapped_column(Identity(start=7), primary_key=True)},
    }
    body |= options[place]
    if place in ("label", "type"):
        body["__annotations__"]["a"] = Mapped[labels]
        body["a"] = mapped_column(enum_name=text) if place == "type" else mapped_column()
    return type("Victim", (Base,), body), labels


PLACES = (
    "table", "column", "comment", "collation", "index", "method", "opclass", "constraint", "convention", "label", "type", "identity",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("style", ["declarative"])
@pytest.mark.parametrize("colour", ["sync"])
async def test_no_text_becomes_sql(session: Any, engine: Any, catalogue: Any, place: str) -> None:
    await maybe(engine.execute("CREATE TABLE canary (secret text)"))
    await maybe(engine.execute("INSERT INTO canary VALUES ('feathers')"))
    worked = 0
    for text in HOSTILE:
        model, labels = declared(place, text)
        value = labels["B"] if place in ("label", "type") else text.replace("\0", "")
        try:
            await maybe(engine.create_all(model))
            made = await maybe(session.insert(model(a=value)))
            assert (await maybe(session.query(model).filter(a=value).one())).id == made.id
            await maybe(engine.drop_all(model))
            worked += 1
        except DatabaseError:  # ModelError, ProgrammingError among them
            refused = "\0" in text or "$ferrow$" in text or (place == "convention" and text == "{}")
            if engine.dialect.name == "mysql":  # whose names are narrower
                refused = refused or text != text.strip() or max(text) > "\uffff"
            assert refused or place in ("collation", "opclass", "method"), text
        assert await catalogue(
            postgresql="SELECT * FROM canary", sqlite="SELECT * FROM canary", mysql="SELECT * FROM canary"
        ) == [("feathers",)]
    if place not in ("collation", "opclass", "method"):
        assert worked >= len(HOSTILE) - (6 if engine.dialect.name == "mysql" else 3)
