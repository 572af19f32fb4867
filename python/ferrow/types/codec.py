"""Values of a type, read and written the user's own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from inspect import iscoroutinefunction
from typing import Any, Literal, get_args

from ferrow._core import codecs as _registered
from ferrow.errors import InterfaceError

CodecFormat = Literal["text", "binary", "value"]


@dataclass(frozen=True, slots=True)
class Codec:
    """Two functions that write and read the values of one type, instead of what is built in.

    On PostgreSQL they are used wherever the type occurs: as a parameter, in a result, in arrays, composites and ranges. On
    SQLite, for columns that are declared with the type: in results, and for parameters that are written straight into them.
    NULL stays None and never reaches them. A missing function leaves its direction to what is built in. An exception they
    raise reaches the caller, with a note that names the codec; the connection stays usable.

    Args:
        type_name: the type's name in `pg_type` (`int4`, `mood`) or as SQL spells it (`integer`); not of an array. On SQLite the
            declared type without its arguments (`numeric`), in upper or lower case.
        encode: from a Python value to what `format` says.
        decode: from what `format` says to a Python value.
        format: what stands between the functions and the database: `"text"`, PostgreSQL's text form or SQLite's stored text
            (`str`); `"binary"`, PostgreSQL's binary form or SQLite's stored bytes (`bytes`); `"value"`, the Python value that
            would be there without the codec.
        schema: of the type; None: a type of this name in any schema. SQLite's declared types are in none.

    Raises:
        InterfaceError: an empty name, one with a dot but no `schema`, an unknown format, or a function that cannot be called, or only awaited.
    """

    type_name: str
    _: KW_ONLY
    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None
    format: CodecFormat = "text"
    schema: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.type_name, str) or not self.type_name:
            raise InterfaceError(f"a codec is for a type by its name, not for {self.type_name!r}")
        if self.type_name.endswith("[]"):
            element = self.type_name.removesuffix("[]")
            raise InterfaceError(f"a codec is for elements, not for arrays of them: give {element!r}")
        if "." in self.type_name and self.schema is None:
            schema, _, name = self.type_name.partition(".")
            raise InterfaceError(
                f"a codec takes the schema apart: Codec({name!r}, schema={schema!r}), not {self.type_name!r}"
            )
        if self.format not in get_args(CodecFormat):
            known = ", ".join(map(repr, get_args(CodecFormat)))
            raise InterfaceError(f"unknown codec format {self.format!r}; known: {known}")
        for which in ("encode", "decode"):
            function = getattr(self, which)
            if function is not None and not callable(function):
                raise InterfaceError(f"`{which}` of the codec for {self.type_name} is not callable: {function!r}")
            if iscoroutinefunction(function):
                raise InterfaceError(
                    f"`{which}` of the codec for {self.type_name} is an async def, and nothing is awaited in a row; make it a plain def"
                )


def register_codec(codec: Codec) -> None:
    """Use `codec` on every connection that this process opens from now on, in the place of an earlier one for the type.

    Codecs of an engine or a connection come before those of the process.

    Raises:
        InterfaceError: it is no Codec.
    """
    if not isinstance(codec, Codec):
        raise InterfaceError(f"register_codec takes a Codec, not {type(codec).__name__} {codec!r}")
    _registered.pop((codec.schema, codec.type_name), None)  # the latest one comes last
    _registered[(codec.schema, codec.type_name)] = codec


def unregister_codec(type_name: str, schema: str | None = None) -> None:
    """Take back a codec for connections opened from now on.

    Raises:
        InterfaceError: there is none for this name and schema.
    """
    if _registered.pop((schema, type_name), None) is None:
        place = "" if schema is None else f" in the schema {schema!r}"
        raise InterfaceError(f"no codec is registered for the type {type_name!r}{place}")
