from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from ferrow.errors import ModelError
from ferrow.model import JSON, Base, ForeignKey, Mapped, mapped_column, relationship, table_of

Module = Callable[[str, str], ModuleType]


def keys(cls: type) -> list[str]:
    return [column.key for column in table_of(cls).columns]


class Account(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    plain: int = 3
    note: str


def test_columns_stand_in_the_order_of_declaration_and_only_mapped_attributes_are_columns() -> None:
    assert keys(Account) == ["id", "name"]
    assert Account.plain == 3


def test_table_name_is_the_lower_case_class_name_with_an_s_unless_given() -> None:
    class UserAccount(Base):
        id: Mapped[int] = mapped_column(primary_key=True)

    class Named(Base):
        __tablename__ = "people"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Derived(Named):
        pass

    assert table_of(UserAccount).name == UserAccount.__tablename__ == "useraccounts"
    assert table_of(Named).name == "people"
    assert table_of(Derived).name == "deriveds"


def test_quotes_the_user_put_around_a_table_name_are_understood() -> None:
    class User(Base):
        __tablename__ = '"users_table"'
        __schema__ = "app"
        id: Mapped[int] = mapped_column(primary_key=True)

    assert (table_of(User).schema, table_of(User).name) == ("app", "users_table")


def test_a_column_may_be_called_metadata_or_registry() -> None:
    class Document(Base):
        metadata: Mapped[dict[str, Any]] = mapped_column(JSON)
        registry: Mapped[str]
        table: Mapped[str]

    document = Document(metadata={"a": 1}, registry="x", table="t")

    assert keys(Document) == ["metadata", "registry", "table"]
    assert document.metadata == {"a": 1}


def test_a_column_without_annotation_has_the_type_it_was_given() -> None:
    class Post(Base):
        title = mapped_column(str, max_length=10)
        author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    assert table_of(Post).column("title").type.name("postgresql") == "varchar(10)"
    assert keys(Post) == ["author_id", "title"]


def test_plain_mixins_and_abstract_bases_pass_their_columns_on() -> None:
    class Stamped:
        created: Mapped[datetime | None]

    class Model(Base):
        __abstract__ = True
        id: Mapped[int] = mapped_column(primary_key=True)

    class Article(Stamped, Model):
        title: Mapped[str]

    class Review(Model, Stamped):
        stars: Mapped[int]

    assert keys(Article) == ["id", "created", "title"]
    assert keys(Review) == ["created", "id", "stars"]
    assert Article.__abstract__ is False
    assert Article(title="x").created is None
    with pytest.raises(TypeError, match=r"Model is abstract"):
        Model(id=1)
    with pytest.raises(ModelError, match=r"Model is abstract .* has no table"):
        table_of(Model)
    with pytest.raises(AttributeError, match=r"Model is abstract: id is a column of the classes derived"):
        _ = Model.id


def test_a_class_without_columns_is_a_base_for_others() -> None:
    class Model(Base):
        def shout(self) -> str:
            return repr(self).upper()

    class Thing(Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert (Model.__abstract__, Thing.__abstract__) == (True, False)
    assert not hasattr(Model, "__tablename__")
    assert Thing(id=1).shout() == "<THING ID=1>"
    with pytest.raises(ModelError, match=r"Model is abstract"):
        table_of(Model)


def test_each_class_has_its_own_columns_even_if_they_are_inherited() -> None:
    class Stamped(Base):
        __abstract__ = True
        created: Mapped[datetime | None]

    class A(Stamped):
        id: Mapped[int] = mapped_column(primary_key=True)

    class B(Stamped):
        id: Mapped[int] = mapped_column(primary_key=True)

    assert A.created.table.name == "as"
    assert B.created.table.name == "bs"


def test_a_subclass_may_replace_a_column_or_hide_it() -> None:
    class Parent(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        age: Mapped[int]

    class Child(Parent):
        name: Mapped[str | None]
        age = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    assert keys(Child) == ["id", "name"]
    assert table_of(Child).column("name").nullable
    assert not table_of(Parent).column("name").nullable


def test_a_bare_default_is_refused_with_the_right_spelling() -> None:
    with pytest.raises(ModelError, match=r"User\.age = 3: .*age: Mapped\[\.\.\.\] = mapped_column\(default=3\)"):

        class User(Base):
            age: Mapped[int] = 3  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]


def test_models_of_the_same_name_in_two_modules_do_not_disturb_each_other(module: Module) -> None:
    # O-D30
    source = """
from ferrow.model import *
class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    posts: Mapped[list["Post"]] = relationship()
class Post(Base):
    {column}: Mapped[str]
"""
    blog = module("tests_blog", source.format(column="title"))
    shop = module("tests_shop", source.format(column="price"))

    assert keys(blog.Post) == ["title"]
    assert keys(shop.Post) == ["price"]
    assert table_of(blog.User).relations["posts"].target is blog.Post
    assert table_of(shop.User).relations["posts"].target is shop.Post


def test_a_name_that_only_one_model_has_is_found_in_another_module(module: Module) -> None:
    users = module(
        "tests_users",
        "from ferrow.model import *\nclass User(Base):\n    id: Mapped[int]\n    a: Mapped['OnlyThere'] = relationship()",
    )
    there = module("tests_there", "from ferrow.model import *\nclass OnlyThere(Base):\n    id: Mapped[int]")

    assert table_of(users.User).relations["a"].target is there.OnlyThere


def test_a_name_that_several_other_modules_have_is_an_error_naming_them(module: Module) -> None:
    user = module(
        "tests_c",
        "from ferrow.model import *\nclass User(Base):\n    id: Mapped[int]\n    a: Mapped['Twice'] = relationship()",
    ).User
    models = [module(f"tests_{n}", "from ferrow.model import *\nclass Twice(Base):\n    id: Mapped[int]") for n in "ab"]

    with pytest.raises(ModelError, match=r"User\.a: 'Twice' .*\(in tests_a, tests_b\)\. Import the one"):
        _ = table_of(user).relations["a"].target
    assert models


def test_a_class_may_be_defined_again(module: Module) -> None:
    # A notebook cell that is run twice.
    source = "from ferrow.model import *\nclass User(Base):\n    id: Mapped[int]\n    boss: Mapped['User'] = relationship()\n"
    first = module("tests_notebook", source).User
    again = module("tests_notebook", source + "    age: Mapped[int]").User

    assert keys(first) == ["id"]
    assert keys(again) == ["id", "age"]
    assert table_of(again).relations["boss"].target is again
    assert again(id=1, age=2).age == 2


def test_two_columns_of_one_name_are_refused() -> None:
    class User(Base):
        a: Mapped[int]
        b: Mapped[int] = mapped_column(name="a")

    with pytest.raises(ModelError, match=r"User: two columns are called 'a'"):
        table_of(User)


def test_a_relation_is_stored_and_not_a_column() -> None:
    class Tag(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        posts: Mapped[list["Tag"]] = relationship(back_populates="tags", secondary="post_tags", foreign_keys="a")

    relation = table_of(Tag).relations["posts"]

    assert keys(Tag) == ["id"]
    assert (relation.back_populates, relation.secondary, relation.foreign_keys) == ("tags", "post_tags", ("a",))
    assert relation.many
    assert relation.target is Tag
