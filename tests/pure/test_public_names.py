"""What a user can import is there, says what it does, and exists in both colours."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MethodDescriptorType, ModuleType
from typing import Any, NamedTuple

import pytest

MODULES = ("ferrow", "ferrow.crud", "ferrow.crud.sync", "ferrow.driver", "ferrow.engine", "ferrow.errors", "ferrow.model", "ferrow.orm", "ferrow.repository", "ferrow.schema", "ferrow.schema.compare", "ferrow.sql", "ferrow.testing", "ferrow.types")  # fmt: skip
NAMES = [(module, name) for module in MODULES for name in import_module(module).__all__]

FOR_BUILDERS = {"ferrow.model", "ferrow.schema", "ferrow.schema.compare", "ferrow.sql"}
"""Rooms whose classes are made by other rooms; what users take from `ferrow.model` is in `ferrow`, too."""

IN_RUST = (MethodDescriptorType, GetSetDescriptorType, BuiltinFunctionType)


class Documented(NamedTuple):
    module: str
    where: str
    item: Any


def public_things() -> Iterator[Documented]:
    """Every public class, function, method and property that a name of `__all__` leads to, once."""
    seen: set[int] = set()
    for module, name in NAMES:
        found = getattr(import_module(module), name)
        if id(found) in seen:
            continue
        seen.add(id(found))
        if getattr(found, "__module__", None) == "datetime":
            continue  # `Date`, `Time` and `Timestamp`, as PEP 249 calls them
        if isinstance(found, type):
            yield Documented(module, f"{module}.{name}", found)
            for member, item in methods(found):
                yield Documented(module, f"{module}.{name}.{member}", item)
        elif callable(found):
            yield Documented(module, f"{module}.{name}", found)


def methods(cls: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties of our own, inherited ones included."""
    for base in cls.__mro__:
        if not base.__module__.startswith("ferrow"):
            continue
        for name, value in base.__dict__.items():
            item = getattr(value, "__func__", value)
            if not name.startswith("_") and isinstance(item, (FunctionType, property, *IN_RUST)):
                yield name, item


def documentation(item: Any) -> str:
    """Its own docstring, not one that it inherits."""
    return (item.__dict__.get("__doc__") if isinstance(item, type) else item.__doc__) or ""


def test_the_stub_of_the_core_has_the_docstrings_too() -> None:
    """Editors read the stub, `help` reads the extension."""
    stub = Path(import_module("ferrow").__path__[0], "_core.pyi")
    classes = {node.name: node for node in ast.parse(stub.read_text()).body if isinstance(node, ast.ClassDef)}
    public = {name for module, name in NAMES if _module_of(module, name) == "ferrow._core"}
    assert public >= {"Row", "Shape", "Result"}
    missing = []
    for name in public:
        inside = [node for node in classes[name].body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
        missing += [f"{name}.{node.name}" for node in inside if ast.get_docstring(node) is None]
        missing += [name] if ast.get_docstring(classes[name]) is None else []
    assert missing == []


def _module_of(module: str, name: str) -> str:
    return getattr(getattr(import_module(module), name), "__module__", "")


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[f"{module}.{name}" for module, name in NAMES])
def test_name_resolves(module: str, name: str) -> None:
    getattr(import_module(module), name)


@pytest.mark.parametrize("module", MODULES)
def test_names_are_listed_once_and_by_dir(module: str) -> None:
    found: ModuleType = import_module(module)
    assert len(set(found.__all__)) == len(found.__all__)
    assert set(found.__all__) <= set(dir(found))
    with pytest.raises(AttributeError, match="has no attribute 'Sesion'"):
        found.Sesion  # noqa: B018


def test_every_public_thing_has_a_docstring() -> None:
    assert [thing.where for thing in public_things() if not documentation(thing.item).strip()] == []


def test_docstrings_are_sentences() -> None:
    """The first line says it: it begins with a capital or code, and ends."""
    lame = []
    for thing in public_things():
        paragraph = inspect.cleandoc(documentation(thing.item)).partition("\n\n")[0].strip()
        if paragraph and not paragraph.rstrip("`\"'").endswith((".", ":", "?", ")", "]")):
            lame.append(f"{thing.where}: {paragraph}")
    assert lame == []


def test_every_async_class_has_its_sync_twin() -> None:
    missing = []
    for module, name in NAMES:
        if not name.startswith("Async"):
            continue
        asynchronous, room = getattr(import_module(module), name), import_module(module)
        twin = getattr(room, name.removeprefix("Async"), None)
        if twin is None or name.removeprefix("Async") not in room.__all__:
            missing.append(f"{module}.{name}")
            continue
        for member, item in methods(asynchronous):
            inner = item.fget if isinstance(item, property) else item
            if not hasattr(inner, "__async_only__") and not hasattr(twin, member):
                missing.append(f"{module}.{twin.__name__}.{member}")
    assert missing == []


def test_parameters_of_public_functions_are_explained() -> None:
    """Keyword arguments are an interface: each is named in the docstring of its function or of its class.

    Not those of classes that are made by a call that explains them.
    """
    missing = []
    for thing in public_things():
        if thing.module in FOR_BUILDERS or "ade by `" in documentation(thing.item):
            continue
        function = thing.item.__init__ if isinstance(thing.item, type) else thing.item
        if not inspect.isfunction(function):
            continue
        parameters = inspect.signature(function).parameters.values()
        names = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY and each.name != "world"]
        text = documentation(thing.item) + (function.__doc__ or "")
        missing += [f"{thing.where}({name}=)" for name in names if name not in text]
    assert missing == []


def test_sync_docstrings_speak_of_sync_calls() -> None:
    twins = [(module, name.removeprefix("Async")) for module, name in NAMES if name.startswith("Async")]
    wrong = [
        f"{module}.{name}.{member}"
        for module, name in twins
        for member, item in methods(getattr(import_module(module), name))
        if "aio" not in member
        and not member.endswith("_async")
        and ("async with" in documentation(item) or "await " in documentation(item))
    ]
    assert wrong == []
