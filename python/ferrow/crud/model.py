"""`BaseModel`: Pydantic models whose tables are called as PicoPG calls them."""

from __future__ import annotations

from typing import Any, ClassVar

try:
    import pydantic
except ModuleNotFoundError as _missing:
    if _missing.name != "pydantic":
        raise
    msg = "BaseModel of ferrow.crud is Pydantic's, which is not installed: pip install 'ferrow[pydantic]'"
    raise ModuleNotFoundError(msg, name="pydantic") from None

from ferrow.crud.errors import NoPrimaryKey
from ferrow.crud.naming import snake_case
from ferrow.identifier import in_quotes
from ferrow.model import table_of
from ferrow.model.naming import schema_name, table_name


class BaseModel(pydantic.BaseModel):
    """A Pydantic model that is a table; every field is a column.

        class User(BaseModel):
            __table_name__ = "users"        # default: the class's name in snake_case, "user"
            __schema__ = "app"              # default: the database's own; inherited
            __primary_key__ = "user_id"     # default: a field called id; inherited; a tuple of names for a composite key

            user_id: int | None = None
            name: str

    `__tablename__` is another name for `__table_name__` and wins if both are there. Neither is inherited: two classes are two
    tables. A name may be written with its quotes, `'"users"'`. `__abstract__ = True` marks a base without a table of its own.
    """

    __naming__: ClassVar[dict[str, Any]] = {"table": snake_case}
    __abstract__: ClassVar[bool] = True
    __table_name__: ClassVar[str]
    __tablename__: ClassVar[str]
    __schema__: ClassVar[str | None] = None
    __primary_key__: ClassVar[str | tuple[str, ...]]

    @classmethod
    def get_table_name(cls) -> str:
        """The name of the table, without quotes and schema. Raises ModelError for a name that is none."""
        return table_name(cls)

    @classmethod
    def get_full_table_name(cls) -> str:
        """The name of the table in quotes, with its schema: `"app"."users"`. Raises ModelError for a name that is none."""
        schema = schema_name(cls)
        name = in_quotes(table_name(cls))
        return name if schema is None else f"{in_quotes(schema)}.{name}"

    @classmethod
    def get_primary_key(cls) -> str:
        """The field that is the primary key; of a composite key, the names with commas between them.

        Raises:
            NoPrimaryKey: a TypeError: there is none, or the class is abstract.
        """
        if cls.__dict__.get("__abstract__", False):
            raise NoPrimaryKey("No primary key defined.")
        key = table_of(cls).primary_key
        if not key:
            msg = f"{cls.__name__} does not have a primary key."
            raise NoPrimaryKey(msg)
        return ", ".join([column.key for column in key])
