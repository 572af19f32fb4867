"""`Partial`: a model all of whose fields may be left out."""

from __future__ import annotations

from _thread import RLock
from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from ferrow.crud.plan import described
from ferrow.errors import UnknownColumn, nearest
from ferrow.model import table_of
from ferrow.model.binding import binding

if TYPE_CHECKING:
    from collections.abc import Mapping

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)

_MAKING = RLock()
_KEPT = "__ferrow_partial__"
_GIVEN = "__ferrow_given__"


class PartialClass(Protocol[M_co]):
    """What `Partial(Model)` gives: a subclass of the model, to which its fields are given by name, as few as one likes."""

    __name__: str

    def __call__(self, **values: Any) -> M_co:
        """An instance with these fields only."""
        ...


def Partial(model_class: type[M]) -> PartialClass[M]:  # the name that the document gives it
    """A subclass of a model whose fields may all be left out: for filters, for changes of some fields, for deleting by key.

        PartialUser = Partial(User)
        await select_all(User, where=PartialUser(is_active=True, role=["admin", "editor"]))
        await update(PartialUser(id=1, email="new@example.com"))
        await delete(PartialUser(id=1))

    What was not given is not set; what was given as None means NULL. A field takes what the model's takes, None, and (but for
    columns that hold lists or documents) a list of values, which a filter understands as "one of these". Validators of fields see each
    value, but not None; constraints, and validators of the whole model, do not apply to filters, and what is written is held
    against the constraints. Computed fields are None where what they need was not given.
    The same model always gives the same class.

    Args:
        model_class: a model of any style.

    Raises:
        ModelError: it is not a model.
    """
    if isinstance(model_class, type) and is_partial(model_class):
        return cast("PartialClass[M]", model_class)
    described(model_class)
    with _MAKING:  # two threads that ask at once must not get two classes
        found: PartialClass[M] | None = model_class.__dict__.get(_KEPT)
        return _made(model_class) if found is None else found


def _made(model: Any) -> Any:
    known = binding(model)
    if known.style == "pydantic":
        from ferrow.crud.partial_pydantic import subclass

        made: Any = subclass(model)
    else:
        made = _subclass(model)
    # Its rows are those of the model, and what is read are instances of the model.
    made.__ferrow_binding__ = known
    setattr(made, _GIVEN, True)
    setattr(model, _KEPT, made)
    return made


def is_partial(cls: type) -> bool:
    """Whether a class was made by `Partial`."""
    return _GIVEN in cls.__dict__


def partial_of(cls: type, model: type) -> bool:
    """Whether a class is the partial one of a model."""
    return model.__dict__.get(_KEPT) is cls


def given_of(instance: Any) -> Mapping[str, Any]:
    """What an instance of a partial class was given, by attribute."""
    fields_set = getattr(instance, "__pydantic_fields_set__", None)
    values: dict[str, Any] = instance.__dict__
    if fields_set is None:
        return values
    return {key: values[key] for key in type(instance).__pydantic_fields__ if key in fields_set}


def _subclass(model: type) -> type:
    """The same for typed classes and dataclasses: a class beside them, with the attributes that were given and no others."""
    table = table_of(model)

    def __init__(self: Any, **values: Any) -> None:
        for name in values:
            if name not in table.by_key:
                msg = f"{type(self).__name__}() has no field {name!r}. {nearest(name, table.by_key)}"
                raise _UnknownArgument(msg)
        self.__dict__.update(values)

    def __getattr__(self: Any, name: str) -> Any:
        if name in table.by_key:
            return None  # as unset fields of Pydantic's partial models
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def __repr__(self: Any) -> str:
        return f"{type(self).__name__}({', '.join([f'{key}={value!r}' for key, value in self.__dict__.items()])})"

    def __eq__(self: Any, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __setattr__(self: Any, name: str, value: Any) -> None:
        if name not in table.by_key:
            raise _UnknownArgument(f"{type(self).__name__} has no field {name!r}. {nearest(name, table.by_key)}")
        self.__dict__[name] = value

    namespace: dict[str, Any] = {
        "__init__": __init__,
        "__getattr__": __getattr__,
        "__setattr__": __setattr__,
        "__repr__": __repr__,
        "__eq__": __eq__,
        "__hash__": None,
        "__module__": model.__module__,
        "__qualname__": f"Partial{model.__name__}",
        "__doc__": f"Some of the fields of a {model.__name__}.",
        "__abstract__": True,  # no table of its own
    }
    if is_dataclass(model):
        # What the class has for its defaults would be found before `__getattr__` is asked.
        namespace |= {field.name: None for field in fields(model) if field.default is not MISSING}
    return type(f"Partial{model.__name__}", (model,), namespace)


class _UnknownArgument(UnknownColumn, TypeError, AttributeError):
    """A field that the model does not have."""
