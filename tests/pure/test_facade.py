"""The sync classes that the generator writes from a toy room, run against that room."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from facadegen import FacadeError, Room, generate

PACKAGE = Path(__file__).resolve().parents[2] / "python"
TOY = Path(__file__).with_name("facade_toy.txt").read_text()


def room(source: str, directory: Path, classes: dict[str, str], package: str = "toy") -> Room:
    folder = directory / package
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    (folder / "source.py").write_text(source)
    return Room(package, {f"{package}.source": classes})


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    directory = tmp_path_factory.mktemp("facade")
    names = ["Base", "Shop", "Visit", "Basket", "Clerk", "Badge"]
    toy = room(TOY, directory, {f"Async{name}": name for name in names})
    toy.mixins["Shop"] = ("toy.extra", "Extra")
    (directory / "toy" / "extra.py").write_text("class Extra:\n    __slots__ = ()\n    extra = 'only sync'\n")
    text = generate(toy, [toy], directory)
    toy.output(directory).write_text(text)
    return text, directory


@pytest.fixture
def toy(text: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(text[1]))
    yield importlib.import_module("toy._sync")
    for name in [name for name in sys.modules if name.partition(".")[0] == "toy"]:
        del sys.modules[name]


PLAIN = """
class Both:
    __slots__ = ()
    both = 5

class AsyncThing(Both):
    __slots__ = ()
    def __init__(self) -> None:
        pass
    async def go(self) -> int:
        return self.both
"""


def test_a_base_that_does_not_wait_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = room(PLAIN, tmp_path, {"AsyncThing": "Thing"}, "shared")
    with pytest.raises(FacadeError, match="AsyncThing derives from Both"):
        generate(thing, [thing], tmp_path)
    thing.mixins["Thing"] = ("shared.source", "Both")
    thing.output(tmp_path).write_text(generate(thing, [thing], tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    made = importlib.import_module("shared._sync").Thing()
    assert (made.go(), made.both) == (5, 5)
    for name in [name for name in sys.modules if name.partition(".")[0] == "shared"]:
        del sys.modules[name]


def method(text: str, owner: str, name: str) -> str:
    """The source of one generated method, without its docstring."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == owner:
            found = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == name]
            if found:
                if ast.get_docstring(found[-1]):
                    del found[-1].body[0]
                return ast.unparse(found[-1])
    raise AssertionError(f"{owner}.{name} was not generated")


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        ("Shop", "price", "def price(self, item: Any, *, discount: float=RATE) -> Any:\n"
                          "    return drive(self._core.price(item, discount=discount))"),
        ("Shop", "close", "def close(self) -> None:\n    drive(self._core.close())"),
        ("Shop", "visit", "def visit(self) -> Visit:\n    return Visit._of(self._core.visit())"),
        ("Shop", "last_visit", "def last_visit(self) -> Visit | None:\n    core = drive(self._core.last_visit())\n"
                               "    return None if core is None else Visit._of(core)"),
        ("Shop", "visits", "def visits(self) -> list[Visit]:\n"
                           "    return [Visit._of(core) for core in drive(self._core.visits())]"),
        ("Shop", "merge", "def merge(self, other: Shop, basket: Basket[Any] | None=None) -> Shop:\n"
                          "    core = drive(self._core.merge(other._core, None if basket is None else basket._core))\n"
                          "    return self if core is self._core else self._of(core)"),
        ("Shop", "trade", "def trade(self, other: Shop | str) -> str:\n"
                          "    return drive(self._core.trade(other._core if isinstance(other, Shop) else other))"),
        ("Shop", "later", "def later(self) -> int:\n    return drive(self._core.later())"),
        ("Shop", "items", "def items(self, limit: int=3) -> Iterator[str]:\n"
                          "    return drive_iter(self._core.items(limit))"),
        ("Shop", "open_shop", "@classmethod\ndef open_shop(cls, name: str) -> Self:\n"
                              "    return cls._of(drive(AsyncShop.open_shop(name, world=BLOCKING)))"),
        ("Visit", "__enter__", "def __enter__(self) -> Shop:\n    return Shop._of(drive(self._core.__aenter__()))"),
        ("Basket", "add", "def add(self, item: M) -> Basket[M]:\n    return Basket._of(self._core.add(item))"),
    ],
)  # fmt: skip
def test_translation(text: tuple[str, Path], owner: str, name: str, expected: str) -> None:
    assert method(text[0], owner, name) == expected


def test_result_is_what_ruff_would_write(text: tuple[str, Path]) -> None:
    ruff = [sys.executable, "-m", "ruff", "format", "--check", "--config", str(PACKAGE.parent / "pyproject.toml")]
    done = subprocess.run([*ruff, str(text[1] / "toy" / "_sync.py")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_docstrings_speak_sync(text: tuple[str, Path]) -> None:
    assert "shop = Shop.open_shop('x')" in text[0]
    assert "await " not in text[0]


def test_async_only_and_private_members_are_left_out(toy: ModuleType) -> None:
    assert not hasattr(toy.Shop, "listen")
    assert not hasattr(toy.Shop, "_secret")
    assert not hasattr(toy.Shop, "__await__")


def test_constructor_gets_the_blocking_world(toy: ModuleType) -> None:
    assert toy.Shop("corner").where() == "blocking"


def test_methods_properties_and_attributes(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    assert shop.price("tea") == 3
    assert shop.name == "corner"
    assert shop.colour == "red"
    shop.colour = "blue"
    assert shop.colour == "blue"
    assert shop.greet() == "hello"
    assert shop.extra == "only sync"
    assert toy.Shop.tax(10) == 11
    assert repr(shop) == "Shop('corner')"


def test_same_object_comes_back(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    assert shop.merge(shop) is shop
    assert shop.merge(toy.Shop("other")).name == "other"


def test_what_leads_back_gives_the_twin_that_there_is(toy: ModuleType) -> None:
    clerk = type("Own", (toy.Clerk,), {})()
    badge = clerk.badge()
    assert badge.clerk is clerk
    del clerk
    another = badge.clerk
    assert type(another) is toy.Clerk
    assert badge.clerk is another


def test_context_manager_enters_and_leaves(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    with shop.visit() as inside:
        assert isinstance(inside, toy.Shop)
        assert shop.guests() == 1
    assert shop.guests() == 0
    with pytest.raises(KeyError), shop.visit():
        raise KeyError
    assert shop.guests() == 0


def test_sync_constructor_opens_where_the_class_says_so(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    assert toy.Visit(shop).announced is True
    assert shop.visit().announced is False


def test_iteration(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    assert list(shop.items()) == ["tea", "milk", "bread"]
    assert list(toy.Basket([1, 2])) == [1, 2]


def test_generator_is_closed_when_the_consumer_stops(toy: ModuleType) -> None:
    shop = toy.Shop("corner")
    items = shop.items()
    assert next(items) == "tea"
    items.close()
    assert shop.name == "corner (tidied)"


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("async def f(self, then: Callable[[], Awaitable[int]]) -> int: ...", "AsyncX.f: the argument then is awaited"),
        (
            "async def f(self) -> dict[str, AsyncX]: ...",
            "AsyncX.f: a mapped class inside dict[str, X] cannot be wrapped",
        ),
        ("def f(self) -> AsyncContextManager[int]: ...", "AsyncX.f: return a class with __aenter__"),
        ("def __add__(self, other: int) -> int: ...", "AsyncX.__add__: no sync translation"),
        ("@asynccontextmanager\n    async def f(self) -> AsyncIterator[int]: ...", "decorator asynccontextmanager"),
        ("alias = print", "AsyncX.alias: annotate it"),
        ("def f(self) -> Awaitable[int]: ...", "AsyncX.f: only a coroutine can be driven"),
        ("def f(self) -> Missing: ...", "where does Missing come from?"),
    ],
)
def test_what_cannot_be_translated_names_the_member_and_the_way_out(tmp_path: Path, member: str, message: str) -> None:
    source = f"from typing import *\nfrom collections.abc import Callable, Awaitable\nclass AsyncX:\n    {member}\n"
    broken = room(source, tmp_path, {"AsyncX": "X"})
    with pytest.raises(FacadeError) as caught:
        generate(broken, [broken], tmp_path)
    assert message in str(caught.value)


def test_unlisted_base_class_is_refused(tmp_path: Path) -> None:
    broken = room("class Other: ...\nclass AsyncX(Other): ...\n", tmp_path, {"AsyncX": "X"})
    with pytest.raises(FacadeError, match="derives from Other, whose methods would be missing from X"):
        generate(broken, [broken], tmp_path)


def test_the_twin_is_known_where_the_core_is_kept(tmp_path: Path) -> None:
    source = "class AsyncX: ...\nclass AsyncY(AsyncX):\n    __sync_single__ = True\n"
    broken = room(source, tmp_path, {"AsyncX": "X", "AsyncY": "Y"})
    with pytest.raises(FacadeError, match="AsyncY: __sync_single__ belongs where the core object is kept"):
        generate(broken, [broken], tmp_path)


def test_generated_file_is_strictly_typed(text: tuple[str, Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", "-p", "toy"],
        cwd=text[1],
        env={"MYPYPATH": f"{text[1]}:{PACKAGE}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
