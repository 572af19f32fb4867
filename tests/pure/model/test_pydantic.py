from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    PrivateAttr,
    SecretStr,
    computed_field,
    field_validator,
    model_validator,
)

from ferrow import insert
from ferrow.errors import ModelError
from ferrow.model import ForeignKey, mapped_column, relationship, table_of, writer
from ferrow.model.binding import binding
from ferrow.types import Numeric, String


class Color(Enum):
    RED = "red"


class Address(BaseModel):
    city: str = Field(alias="town")


class User(BaseModel):
    __schema__ = "app_data"
    __table_name__ = '"users_table"'
    __primary_key__ = "user_id"

    user_id: int | None = None
    username: str = Field(max_length=30)
    balance: Decimal = Field(default=Decimal(0), max_digits=10, decimal_places=2)
    team_id: Annotated[int | None, ForeignKey("teams.id")] = None
    color: Color = Color.RED
    address: Address | None = None
    tags: list[str] = []
    metadata: dict[str, Any] = Field(default_factory=dict)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def upper(self) -> str:
        return self.username.upper()


def test_fields_are_columns_and_constraints_refine_their_types() -> None:
    table = table_of(User)
    found = table.by_key

    assert (table.schema, table.name) == ("app_data", "users_table")
    assert list(found) == ["user_id", "username", "balance", "team_id", "color", "address", "tags", "metadata"]
    assert table.primary_key == (found["user_id"],)
    assert found["user_id"].autoincrement
    assert found["username"].type is String(30)
    assert found["balance"].type is Numeric(10, 2)
    assert found["team_id"].foreign_key == ForeignKey("teams.id")
    assert [found[key].type.kind for key in ("color", "address", "tags", "metadata")] == [
        "text",
        "json",
        "json",
        "json",
    ]
    assert [key for key, column in found.items() if column.nullable] == ["team_id", "address"]


def test_schema_and_key_are_inherited_but_not_the_table_name() -> None:
    class Admin(User):
        level: int = 1

    assert (table_of(Admin).schema, table_of(Admin).name) == ("app_data", "admins")
    assert [column.key for column in table_of(Admin).primary_key] == ["user_id"]


def test_options_and_relations_in_annotated() -> None:
    class Item(BaseModel):
        number: Annotated[int, mapped_column(primary_key=True, name="no")]
        price: Annotated[float, mapped_column(type_=Decimal, precision=10, scale=2)]
        owners: Annotated[list[User], relationship()] = []

    table = table_of(Item)

    assert (table.primary_key[0].name, table.column("price").type) == ("no", Numeric(10, 2))
    assert list(table.by_key) == ["number", "price"]
    assert table.relations["owners"].target is User


def test_values_that_only_pydantic_understands() -> None:
    class Account(BaseModel):
        url: HttpUrl
        password: SecretStr
        links: list[HttpUrl]

    account = Account.model_validate({"url": "https://a.b/c", "password": "secret", "links": ["https://d.e/"]})

    assert [column.type.kind for column in table_of(Account).columns] == ["text", "text", "json"]
    assert writer(Account).values(account) == ("https://a.b/c", "secret", ["https://d.e/"])
    assert binding(Account).reading.build == "call"


def test_documents_and_enumerations_are_encoded() -> None:
    user = User.model_validate({"username": "ada", "address": {"town": "Rome"}, "team_id": 3})
    plan = writer(User).insertion(user)
    row = dict(zip([column.key for column in plan.columns], plan.row(user), strict=True))

    assert [column.key for column in plan.returning] == ["user_id"]
    assert row["color"] == "red"
    assert row["address"] == {"town": "Rome"}
    decode = table_of(User).column("address").decode
    assert decode is not None
    assert decode({"town": "Rome"}) == Address(town="Rome")


# How instances are built ------------------------------------------------------------------------------------------------


class FieldValidated(BaseModel):
    id: int

    @field_validator("id")
    @classmethod
    def check(cls, value: int) -> int:
        return value


class ModelValidated(BaseModel):
    id: int

    @model_validator(mode="after")
    def check(self) -> "ModelValidated":
        return self


class Private(BaseModel):
    id: int
    _cache: dict[str, Any] = PrivateAttr(default_factory=dict)


class PostInit(BaseModel):
    id: int

    def model_post_init(self, context: Any, /) -> None: ...


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: int


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: int | None = None
    name: Annotated[str, Field(min_length=1, pattern="^a")] = "a"


class Doubled(BaseModel):
    id: Annotated[int, AfterValidator(lambda value: value * 2)]


class OwnInit(BaseModel):
    id: int

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)


@pytest.mark.parametrize(
    ("cls", "build"),
    [
        (User, "pydantic"),
        (Frozen, "pydantic"),
        (FieldValidated, "call"),
        (ModelValidated, "call"),
        (Private, "call"),
        (PostInit, "call"),
        (Open, "call"),
        (Doubled, "call"),
        (OwnInit, "call"),
    ],
)
def test_the_cheapest_build_that_is_right(cls: type, build: str) -> None:
    assert binding(cls).reading.build == build


def test_rows_are_validated_by_field_name_whatever_the_aliases() -> None:
    # P-D9: reading failed for Field(alias=...)
    class Person(BaseModel):
        name: str = Field(alias="fullName")
        age: int = Field(validation_alias="years")

        @field_validator("name")
        @classmethod
        def strip(cls, value: str) -> str:
            return value.strip()

    factory = binding(Person).reading.factory
    assert factory is not None
    made = factory(name=" Ada ", age=36)

    assert (made.name, made.age) == ("Ada", 36)
    assert writer(Person).values(made) == ("Ada", 36)


def test_generated_values_reach_frozen_models_and_count_as_set() -> None:
    frozen = Frozen(name="abc")

    writer(Frozen).fill(frozen, [table_of(Frozen).column("id")], [7])

    assert frozen.id == 7
    assert frozen.model_fields_set == {"id", "name"}
    assert frozen == Frozen(id=7, name="abc")


def test_a_factory_that_is_called_with_other_values_is_for_the_constructor_alone() -> None:
    class Doubled(BaseModel):
        id: int | None = None
        one: int
        two: int = Field(default_factory=lambda values: values["one"] * 2)

    assert table_of(Doubled).column("two").default is None
    assert insert(Doubled).values(one=1).to_sql()[1] == (1,)


def test_a_model_that_is_not_complete_says_what_is_missing() -> None:
    class Broken(BaseModel):
        other: "NobodyKnows"  # type: ignore[name-defined]  # pyright: ignore[reportUndefinedVariable]  # noqa: F821

    with pytest.raises(ModelError, match=r"(?s)Broken is not complete: .*NobodyKnows.*Broken\.model_rebuild\(\)"):
        table_of(Broken)
