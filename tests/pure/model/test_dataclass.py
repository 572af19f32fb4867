"""Dataclasses as models: what their fields say of columns."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, ClassVar

import pytest

from ferrow.errors import ModelError
from ferrow.model import ForeignKey, mapped_column, relationship, table_of
from ferrow.types import String


class Status(str, Enum):  # noqa: UP042  # as the reference writes it
    DRAFT = "draft"


@dataclass
class Author:
    id: int | None = field(default=None, metadata={"pk": True, "auto": True})
    name: str = ""


@dataclass
class Post:
    __tablename__ = "blog_posts"
    LIMIT: ClassVar[int] = 3

    id: int | None = field(default=None, metadata={"primary_key": True})
    author_id: int | None = field(
        default=None,
        metadata={"fk": (Author, "id"), "relation": "author", "related_name": "posts", "on_delete": "cascade"},
    )
    slug: str = field(default="", metadata={"unique": True, "max_length": 50, "column": "post_slug"})
    title: str = field(default="", metadata={"index": True, "index_name": "by_title", "somebody": "else's"})
    code: str = field(default="", metadata={"unique_index": True})
    status: Status = Status.DRAFT
    payload: dict[str, Any] = field(default_factory=dict)
    extra: Any = field(default=None, metadata={"codec": "json"})


def test_metadata_keys_describe_columns() -> None:
    table = table_of(Post)
    found = table.by_key

    assert table.name == "blog_posts"
    assert list(found) == ["id", "author_id", "slug", "title", "code", "status", "payload", "extra"]
    assert table.primary_key == (found["id"],)
    assert found["id"].autoincrement
    key = found["author_id"].foreign_key
    assert key is not None
    assert (key.table, key.column, key.ondelete) == ("authors", "id", "CASCADE")
    assert (found["slug"].name, found["slug"].unique, found["slug"].type) == ("post_slug", True, String(50))
    assert (found["title"].index, found["title"].index_name) == (True, "by_title")
    assert found["code"].unique_index
    assert [found[key].type.kind for key in ("status", "payload", "extra")] == ["text", "json", "json"]
    assert [found[key].nullable for key in ("id", "author_id", "slug", "extra")] == [False, True, False, True]


@pytest.mark.parametrize(
    ("target", "table", "column"),
    [
        ("user.key", "user", "key"),
        ((Author, "id"), "authors", "id"),
        (("people", "id"), "people", "id"),
        ({"model": Author, "column": "id"}, "authors", "id"),
        ({"table": "people"}, "people", "id"),
        (ForeignKey("a.b"), "a", "b"),
    ],
)
def test_every_form_of_a_foreign_key(target: Any, table: str, column: str) -> None:
    @dataclass
    class Child:
        parent: int = field(metadata={"fk": target})

    key = table_of(Child).column("parent").foreign_key
    assert key is not None
    assert (key.table, key.column) == (table, column)


def test_options_in_annotated() -> None:
    @dataclass
    class Item:
        number: Annotated[int, mapped_column(primary_key=True)]
        owner: Annotated[int, ForeignKey("users.id")]
        id: int = 0
        posts: Annotated[list["Post"], relationship()] = field(default_factory=list)

    table = table_of(Item)

    assert table.primary_key == (table.column("number"),)
    assert table.column("owner").foreign_key == ForeignKey("users.id")
    assert list(table.by_key) == ["number", "owner", "id"]
    assert table.relations["posts"].target is Post


def test_a_field_called_id_is_the_key_if_nothing_else_is() -> None:
    @dataclass
    class A:
        name: str
        id: int | None = None

    @dataclass
    class B:
        name: str

    @dataclass
    class C:
        __primary_key__ = "code"
        code: str
        id: int | None = None

    @dataclass
    class D:
        __primary_key__ = "missing"
        id: int

    assert [column.key for column in table_of(A).primary_key] == ["id"]
    assert table_of(A).column("id").autoincrement
    assert table_of(B).primary_key == ()
    assert [column.key for column in table_of(C).primary_key] == ["code"]
    with pytest.raises(ModelError, match=r"D\.__primary_key__ = 'missing': there is no field 'missing'\. Fields: id"):
        table_of(D)


def test_several_keys_are_one_composite_key() -> None:
    @dataclass
    class Seat:
        row: int = field(metadata={"pk": True})
        number: int = field(metadata={"pk": True})

    assert [column.key for column in table_of(Seat).primary_key] == ["row", "number"]
    assert not table_of(Seat).columns[0].autoincrement


def test_an_unsupported_codec_is_refused() -> None:
    @dataclass
    class Item:
        data: Any = field(default=None, metadata={"codec": "yaml"})

    with pytest.raises(ModelError, match=r"Item\.data: unsupported codec 'yaml'\. Supported codecs: 'json', 'enum'"):
        table_of(Item)


def test_inherited_fields_are_columns_of_each_class() -> None:
    @dataclass
    class Model:
        id: int | None = None

    @dataclass
    class Person(Model):
        name: str = ""

    assert list(table_of(Person).by_key) == ["id", "name"]
    assert table_of(Model).name == "models"
    assert table_of(Person).name == "persons"


def test_a_metadata_key_that_is_almost_one_of_ours() -> None:
    """Keys of other packages are left alone; a misspelt one of ours would otherwise be a missing index."""

    @dataclass
    class Person:
        name: str = field(
            default="", metadata={"uniqe": True, "indexed": True, "mine": 1, 5: 6, "min_len": 2, "ondelet": "CASCADE"}
        )
        nick: str = field(default="", metadata={"unique": True, "label": "Nick"})

    with pytest.warns(UserWarning, match="metadata key") as caught:
        assert not table_of(Person).uniques
    assert [str(one.message).rpartition(": ")[2] for one in caught] == [
        "the metadata key 'uniqe' is not one of Ferrow's. Did you mean 'unique'?",
        "the metadata key 'ondelet' is not one of Ferrow's. Did you mean 'ondelete'?",
    ]
