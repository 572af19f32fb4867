"""Any other function, by its name."""

from __future__ import annotations

from typing import Any, Literal, overload

from ferrow.identifier import check_identifier
from ferrow.sql.aggregate import Aggregate
from ferrow.sql.aggregate import aggregate as aggregated
from ferrow.sql.expr import Expr, expression
from ferrow.sql.form.aggregate import NAMED_AGGREGATE
from ferrow.sql.form.call import NAMED_CALL
from ferrow.sql.operand import joined
from ferrow.sql.value import literal
from ferrow.types import SQLType


@overload
def call(
    name: str, *arguments: Any, type: SQLType, schema: str | None = None, aggregate: Literal[False] = False
) -> Expr[Any]: ...
@overload
def call(
    name: str, *arguments: Any, type: SQLType, schema: str | None = None, aggregate: Literal[True]
) -> Aggregate[Any]: ...
def call(name: str, *arguments: Any, type: SQLType, schema: str | None = None, aggregate: bool = False) -> Expr[Any]:
    """Call a function of the database that `func` does not have: `func.call("soundex", User.name, type=Text())`.

    Args:
        name: the function's name, taken as it is: quoted where needed, and never SQL.
        arguments: expressions, or values of Python types that have an SQL type of their own (else `literal(value, type)`).
        type: the type of the result. Nobody checks that the function yields it.
        schema: where the function is, for one that is not found by itself.
        aggregate: whether it is taken over many rows, so that the result has `filter` and `over`.

    Raises:
        ProgrammingError: a name that no database accepts.
        TypeError: an argument that no SQL type is known for, or a type that is none.
    """
    check_identifier(name, "function")
    if schema is not None:
        check_identifier(schema, "schema")
    if not isinstance(type, SQLType):
        msg = f"call({name!r}, type={type!r}): the type is one of ferrow.types, such as Text()"
        raise TypeError(msg)
    given = [argument if isinstance(argument, Expr) else literal(argument) for argument in arguments]
    shapes, values = joined([(argument.shape, argument.values) for argument in given])
    if aggregate:
        return aggregated((NAMED_AGGREGATE, type, name, schema, shapes, (), None), values, type)
    return expression((NAMED_CALL, type, name, schema, *shapes), values, type)
