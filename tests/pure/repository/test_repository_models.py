"""What a model is made of, as repositories see it, without a database."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from ferrow.repository import (
    RelationSpec,
    RelationType,
    auto_pk_field,
    build_model_metadata,
    model_fields,
    model_relations,
    pk_fields,
    require_dataclass_model,
    row_to_model,
    table_name,
    to_dict,
)
from tests.support.repository_models import AUTO, Article, Author, Frozen, Level, Membership, Person, Post, Status


def test_names_and_fields() -> None:
    assert (table_name(Person), table_name(Person())) == ("person", "person")
    assert [one.name for one in model_fields(Author)] == ["id", "name"]
    assert [one.name for one in pk_fields(Membership)] == ["person", "club"]
    assert (auto_pk_field(Author) or field()).name == "id"
    assert auto_pk_field(Membership) is None
    meta = build_model_metadata(Person)
    assert (meta.model, meta.table, meta.columns[:2], meta.writable_columns[0]) == (
        Person,
        "person",
        ("id", "email"),
        "email",
    )
    with pytest.raises(TypeError, match=r"int must be a dataclass\."):
        require_dataclass_model(int)

    @dataclass
    class Keyless:
        name: str = ""

    for call in (pk_fields, build_model_metadata, auto_pk_field):
        with pytest.raises(ValueError, match="Keyless has no PK field"):
            call(Keyless)


def test_there_and_back() -> None:
    given = Article(id=3, status=Status.PUBLISHED, level=Level.HIGH, payload={"a": 1}, price=Decimal("1.5"))
    values = to_dict(given)
    assert (values["id"], values["status"], values["level"]) == (3, "published", 9)
    row = {
        "id": 3,
        "status": "published",
        "level": 9,
        "payload": '{"a": 1}',
        "tags": "[]",
        "extra": "{}",
        "price": "1.5",
        "at": "2026-01-02T03:04:05",
        "key": "12345678-1234-5678-1234-567812345678",
        "more": "the table has columns that the model has not",
    }
    made = row_to_model(Article, row)
    assert (made.status, made.level, made.payload, made.price) == (
        Status.PUBLISHED,
        Level.HIGH,
        {"a": 1},
        Decimal("1.5"),
    )
    assert (made.at, made.key) == (datetime.datetime(2026, 1, 2, 3, 4, 5), UUID(row["key"]))  # type: ignore[arg-type]
    assert row_to_model(Author, {"name": None}) == Author(name=None)  # type: ignore[arg-type]
    for nameless in ((1, "Ada"), None, "id"):
        with pytest.raises(TypeError, match=r"row_to_model\(\) takes values by column"):
            row_to_model(Author, nameless)  # type: ignore[arg-type]
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.row_factory = sqlite3.Row
        assert row_to_model(Author, conn.execute("SELECT 7 AS id, 'name' AS name").fetchone()) == Author(7, "name")
    for wrong in ({"status": "no"}, {"payload": "{"}, {"price": "x"}, {"at": "x"}):
        with pytest.raises(ValueError, match=f"Article.{next(iter(wrong))} cannot be made of"):
            row_to_model(Article, wrong)


def test_relations_are_told_from_foreign_keys() -> None:
    assert model_relations(Post) == {
        "author": RelationSpec("author", Author, "author_id", "id", RelationType.BELONGS_TO)
    }
    assert model_relations(Author) == {
        "posts": RelationSpec("posts", Post, "id", "author_id", RelationType.HAS_MANY),
        "frozens": RelationSpec("frozens", Frozen, "id", "author_id", many=True),
    }
    assert RelationSpec("x", Post, "id", "author_id", many=True).relation_type is RelationType.HAS_MANY
    assert RelationSpec("x", Post, "id", "author_id", RelationType.HAS_MANY).many


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"fk": "author"}, ValueError, r"fk string must have format 'table.column', e.g. 'user.id'\."),
    ({"fk": "author."}, ValueError, "fk string must have format"),
    ({"fk": (Author, "id", 3)}, ValueError, "fk sequence must have two items"),
    ({"fk": (Author, "")}, TypeError, "the column of fk must be a non-empty string"),
    ({"fk": (Author, 7)}, TypeError, "the column of fk must be a non-empty string"),
    ({"fk": (int, "id")}, TypeError, "the model of fk must be a dataclass"),
    ({"fk": {"model": int}}, TypeError, "the model of fk must be a dataclass"),
    ({"fk": 7}, TypeError, "fk must be 'table.column'"),
    ({"codec": 7}, TypeError, "codec must be text"),
    ({"codec": "yaml"}, ValueError, "unsupported codec 'yaml'. Supported codecs: 'json', 'enum'"),
    ({"codec": "enum"}, ValueError, "codec 'enum' is for enumerations"),
]


@pytest.mark.parametrize(("metadata", "error", "message"), WRONG)
def test_what_metadata_cannot_say(metadata: dict[str, Any], error: type[Exception], message: str) -> None:
    @dataclass
    class Wrong:
        id: int | None = field(default=None, metadata=AUTO)
        value: int | None = field(default=None, metadata=metadata)

    with pytest.raises(error, match=message):
        table_name(Wrong)


def test_what_metadata_can_say() -> None:
    @dataclass
    class Author:  # of its own: a class that refers to another one gives it a relation
        id: int | None = field(default=None, metadata=AUTO)

    @dataclass
    class Right:
        id: int | None = field(default=None, metadata=AUTO)
        a: int | None = field(default=None, metadata={"fk": "author.id"})
        b: int | None = field(default=None, metadata={"fk": (Author, "id")})
        c: int | None = field(default=None, metadata={"fk": ("author", "id")})
        d: int | None = field(default=None, metadata={"fk": {"model": Author}})
        e: int | None = field(default=None, metadata={"fk": {"table": "author", "column": "id"}})
        f: Status | None = field(default=None, metadata={"codec": " Enum "})
        g: Any = field(default=None, metadata={"codec": "JSON"})

    table = build_model_metadata(Right).description
    assert {(key.table, key.target_columns) for key in table.references} == {("author", ("id",))}
    assert table.by_key["g"].type.kind == "json"


def test_every_name_of_mini_orm_for_sql() -> None:
    import ferrow.repository as room

    names = (
        "C Condition ConditionGroup IndexSpec NotCondition OrderBy ValidatedModel ValidationError RelationSpec RelationType RelatedResult "
        "AsyncRelatedResult WhereInput WhereExpression Repository Session UnifiedRepository AsyncRepository AsyncSession AsyncUnifiedRepository "
        "apply_schema apply_schema_async ensure_schema ensure_schema_async create_index_sql create_indexes_sql create_schema_sql create_table_sql "
        "model_relations Database AsyncDatabase Dialect SQLiteDialect PostgresDialect MySQLDialect PoolConnector DataclassModel auto_pk_field "
        "model_fields pk_fields row_to_model table_name to_dict"
    )
    for name in names.split():
        assert name in room.__all__, name
        assert getattr(room, name) is not None, name


def test_both_colours_have_the_same_methods() -> None:
    import inspect

    import ferrow.repository as room

    for name in ("Repository", "UnifiedRepository", "Session"):
        sync, other = getattr(room, name), getattr(room, f"Async{name}")
        public = {each for each in dir(other) if not each.startswith("_")}
        assert public == {each for each in dir(sync) if not each.startswith("_")}, name
        plain = {"is_registered", "db", "d", "model", "meta", "repo", "hub", "begin", "transaction", "query"}
        for each in public - plain:
            assert inspect.iscoroutinefunction(getattr(other, each)), each
