"""What mini_orm gets wrong, and no other test of repositories shows ours right in; the numbers are those of its list of defects."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import Flag
from typing import Any, ClassVar

import pytest

import ferrow
import ferrow.repository
from ferrow.errors import DatabaseError, IntegrityError, ProgrammingError
from ferrow.repository import C, IndexSpec, OrderBy, ensure_schema, ensure_schema_async
from tests.support import entered, maybe
from tests.support.repository_models import AUTO, Article, Author, Membership, Person, Post, Status


async def test_an_index_that_fails_leaves_the_table_that_was_to_be_recreated(bare: Any, backend: str) -> None:
    """Defect 8: `recreate` dropped the table with its rows, and then could not create it."""
    if backend == "mariadb":
        pytest.skip("MariaDB commits after each change of a table")

    @dataclass
    class Other:
        id: int | None = field(default=None, metadata=AUTO)
        n: int = field(default=0, metadata={"index": True, "index_name": "taken"})

    @dataclass
    class Thing:
        id: int | None = field(default=None, metadata=AUTO)
        n: int = field(default=0, metadata={"index": True, "index_name": "taken"})

    ensure = ensure_schema_async if bare.colour == "async" else ensure_schema
    await maybe(ensure(bare.source, Other))
    await maybe(bare.engine.script("CREATE TABLE thing (id bigint NOT NULL PRIMARY KEY, n text)"))
    await maybe(bare.engine.script("INSERT INTO thing VALUES (1, 'kept')"))
    with pytest.raises(DatabaseError, match="taken"):
        await maybe(ensure(bare.source, Thing, schema_conflict="recreate"))
    assert [tuple(row) for row in await maybe(bare.engine.query("SELECT * FROM thing"))] == [(1, "kept")]


async def test_foreign_keys_bind(bare: Any) -> None:
    """Defect 24: MySQL takes no notice of REFERENCES behind a column."""
    authors, posts = bare.repo(Author, auto_schema=True), bare.repo(Post, auto_schema=True)
    with pytest.raises(IntegrityError):
        await maybe(posts.insert(Post(author_id=77)))
    ada = await maybe(authors.insert(Author()))
    await maybe(posts.insert(Post(author_id=ada.id)))
    with pytest.raises(IntegrityError):
        await maybe(authors.delete(ada))


@dataclass
class Hostile:
    __table__ = 'we"ird`; DROP %s --'

    id: int | None = field(default=None, metadata={**AUTO, "name": "%s"})
    value: str = field(default="", metadata={"name": 'a"b`c%(x)s?;$1 --'})


async def test_names_and_values_of_any_kind(bare: Any) -> None:
    """Defects 32 and 35: quotes, percent signs and placeholders in names and values are only that."""
    repo = bare.repo(Hostile, auto_schema=True)
    value = "%s %(x)s ' \" \\ ; ? $1 :a -- \n"
    made = await maybe(repo.insert(Hostile(value=value)))
    (found, _) = await maybe(repo.insert_many([Hostile(value="100%"), Hostile(value=value * 2)]))
    assert await maybe(repo.list(C.eq("value", value), OrderBy("value", desc=True))) == [made]
    assert await maybe(repo.list([C.startswith("value", "100%"), C.in_("value", ["100%", value])])) == [found]
    assert await maybe(repo.update_where({"value": "%"}, where=C.like("value", "100%"))) == 1
    assert await maybe(repo.get(found.id)) == Hostile(found.id, "%")
    assert await maybe(repo.delete_where(where=C.eq("value", "%"))) == 1
    assert await maybe(repo.get_or_create(lookup={"id": made.id})) == (made, False)


async def test_a_pattern_is_matched_with_the_stored_word(kit: Any) -> None:
    """Defect 36: LIKE on a column of an enumeration took its pattern for a member."""
    repo = kit.repo(Article)
    await maybe(repo.insert_many([Article(status=Status.DRAFT), Article(status=Status.PUBLISHED)]))
    assert [one.id for one in await maybe(repo.list(C.like("status", "pub%")))] == [2]
    assert await maybe(repo.count(C.endswith("status", "t"))) == 1


async def test_any_form_of_a_unique_index_is_a_lookup(bare: Any) -> None:
    """Defect 39: an IndexSpec did not count."""

    @dataclass
    class Seat:
        __indexes__: ClassVar[list[Any]] = [IndexSpec(("row", "number"), unique=True)]

        id: int | None = field(default=None, metadata=AUTO)
        row: int = 0
        number: int = 0

    repo = bare.repo(Seat, auto_schema=True)
    made, created = await maybe(repo.get_or_create(lookup={"row": 1, "number": 2}))
    assert (created, await maybe(repo.get_or_create(lookup={"number": 2, "row": 1}))) == (True, (made, False))


async def test_a_row_that_was_made_meanwhile_is_found(kit: Any, url: str, backend: str) -> None:
    """Defect 5: also where the transaction has read before, and on MariaDB would not see the row any more."""
    if backend == "sqlite":
        pytest.skip("a transaction that writes has SQLite to itself")
    repo = kit.repo(Person)
    with ferrow.create_engine(url) as another:
        async with entered(kit.engine.transaction()):
            assert await maybe(repo.count()) == 0
            ferrow.repository.Repository(another, Person).insert(Person(email="a"))
            found, created = await maybe(repo.get_or_create(lookup={"email": "a"}))
    assert (found.id, created) == (1, False)


class Rights(Flag):
    READ = 1
    WRITE = 2


@dataclass
class Inner:
    x: int = 0


@dataclass(frozen=True, slots=True)
class Unusual:
    id: int | None = field(default=None, metadata=AUTO)
    rights: Rights = Rights.READ
    numbers: set[int] = field(default_factory=set)
    words: frozenset[str] = frozenset()
    inner: Inner | None = None
    several: list[Inner] = field(default_factory=list)
    day: datetime.date = datetime.date(2020, 1, 1)


async def test_unusual_types(bare: Any) -> None:
    """Defects 15, 16, 20 and 28, in a class that is frozen and has slots."""
    repo = bare.repo(Unusual, auto_schema=True)
    one = Unusual(None, Rights.READ | Rights.WRITE, {1, 2}, frozenset("ab"), Inner(1), [Inner(2)])
    assert await maybe(repo.insert(one)) is one
    assert await maybe(repo.get(one.id)) == one
    assert await maybe(repo.list(C.eq("rights", Rights.READ | Rights.WRITE))) == [one]
    assert await maybe(repo.update_where({"rights": Rights.WRITE}, where=C.eq("id", one.id))) == 1
    assert (await maybe(repo.get(one.id))).rights is Rights.WRITE


async def test_a_condition_may_be_about_what_is_set(kit: Any) -> None:
    """Defect 29: parameters of SET and WHERE had the same names, and the wrong value was written."""

    @dataclass
    class Clash:
        id: int | None = field(default=None, metadata=AUTO)
        a: int = 0
        a_1: int = 0
        set_a: int = 0

    repo = kit.repo(Clash, auto_schema=True)
    await maybe(repo.insert(Clash(a=1, a_1=2, set_a=3)))
    where = C.and_(C.eq("a", 1), C.eq("a_1", 2), C.eq("set_a", 3))
    assert await maybe(repo.update_where({"a": 10, "a_1": 20, "set_a": 30}, where=where)) == 1
    assert await maybe(repo.get(1)) == Clash(1, 10, 20, 30)


async def test_half_a_key_is_no_key(kit: Any) -> None:
    repo = kit.repo(Membership)
    for key in ("ada", ("ada",), {"person": "ada"}, ("ada", "go", 1)):
        with pytest.raises(ProgrammingError, match="the primary key of Membership has 2 values"):
            await maybe(repo.get(key))
    with pytest.raises(ValueError, match="Cannot UPDATE without PK set on object"):
        await maybe(repo.update(Membership("ada", None)))  # type: ignore[arg-type]
