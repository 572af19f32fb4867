"""Every row of OrmKit's table of Python types, on every database, with models of every style."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel

from ferrow import JSON, Base, Mapped, mapped_column
from tests.docs.tables import rows
from tests.docs.test_ormkit import STYLES, Stage, stage, style, url

__all__ = ["stage", "style", "url"]  # fixtures


class TypedThing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    real: Mapped[float]
    flag: Mapped[bool]
    raw: Mapped[bytes]
    moment: Mapped[datetime]
    day: Mapped[date]
    clock: Mapped[time]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    entries: Mapped[list[Any]] = mapped_column(JSON)
    nothing: Mapped[int | None] = mapped_column(default=None)


@dataclass
class DataThing:
    __tablename__ = "things"

    text: str
    real: float
    flag: bool
    raw: bytes
    moment: datetime
    day: date
    clock: time
    document: dict[str, Any]
    entries: list[Any]
    nothing: int | None = None
    id: int = data_field(init=False)


class CheckedThing(BaseModel):
    __tablename__ = "things"

    id: int | None = None
    text: str
    real: float
    flag: bool
    raw: bytes
    moment: datetime
    day: date
    clock: time
    document: dict[str, Any]
    entries: list[Any]
    nothing: int | None = None


THINGS = dict(zip(STYLES, (TypedThing, DataThing, CheckedThing), strict=True))
VALUES: dict[str, Any] = {
    "text": "ünï'codé",
    "real": 0.1,
    "flag": True,
    "raw": b"\x00\xff'",
    "moment": datetime(2024, 2, 29, 23, 59, 59, 999999),
    "day": date(2024, 2, 29),
    "clock": time(23, 59, 59, 1),
    "document": {"a": [1, None, {"b": "c"}]},
    "entries": [1, "two", None, [True]],
}
TYPES: dict[str, tuple[str, list[str], str, str]] = {
    "int": ("id", ["integer"], "INTEGER", "int(11)"),
    "str": ("text", ["text"], "TEXT", "longtext"),
    "float": ("real", ["double precision"], "DOUBLE PRECISION", "double"),
    "bool": ("flag", ["boolean"], "BOOLEAN", "tinyint(1)"),
    "bytes": ("raw", ["bytea"], "BLOB", "longblob"),
    "datetime": ("moment", ["timestamp without time zone"], "TIMESTAMP", "datetime(6)"),
    "date": ("day", ["date"], "DATE", "date"),
    "time": ("clock", ["time without time zone"], "TIME", "time(6)"),
    "dict` / `list": ("document", ["jsonb"], "JSON_TEXT", "longtext"),
    "Optional[T]": ("nothing", ["integer"], "INTEGER", "int(11)"),
}
"""By the document's word: the attribute, what PostgreSQL calls its type, and what stands in SQLite's schema and MariaDB's."""


def test_every_type_has_a_test() -> None:
    assert list(TYPES) == [python.removesuffix(" (JSON)").strip("`") for python, *_ in rows("Python Type Support")]


async def test_types(stage: Stage, style: str) -> None:
    from ferrow import AsyncSession, create_engine

    engine = await create_engine(stage.url)
    model: Any = THINGS[style]
    await engine.create_all(model)
    session = AsyncSession(engine)
    made = await session.insert(model(**VALUES))
    for found in (
        await session.get(model, made.id),
        *[await session.query(model).filter(**{k: v}).first() for k, v in VALUES.items()],
    ):
        assert {key: getattr(found, key) for key in VALUES} == VALUES
        assert {key: type(getattr(found, key)) for key in VALUES} == {key: type(value) for key, value in VALUES.items()}
        assert found.nothing is None
    if "postgresql" in stage.url:
        sql = "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'things'"
        columns = {name: (kind, nullable == "YES") for name, kind, nullable in await engine.query(sql)}
    elif "mysql" in stage.url:
        columns = {row[0]: (row[1], row[2] == "YES") for row in await engine.query("SHOW COLUMNS FROM things")}
    else:
        columns = {row[1]: (row[2], not row[3]) for row in await engine.query("PRAGMA table_info(things)")}
        words = {python.removesuffix(" (JSON)").strip("`"): stored for python, _, stored in rows("Python Type Support")}
        for word, (
            key,
            *_,
        ) in TYPES.items():  # whatever a column is declared as, the document says what is stored in it
            if word != "Optional[T]":
                (kind,) = await engine.query_one(f"SELECT typeof({key}) FROM things")
                assert kind.upper() == words[word].strip("`").partition(" ")[0], word
    for word, (key, postgresql, sqlite, mariadb) in TYPES.items():
        kind, nullable = columns[key]
        assert kind in (postgresql if "postgresql" in stage.url else [mariadb if "mysql" in stage.url else sqlite]), (
            word
        )
        assert nullable == (word == "Optional[T]") or key == "id", word  # SQLite does not say it of a key
