"""One member of an async class -> the members of its sync twin.

async def f(...) -> T            def f(...) -> T:  return drive(self._core.f(...))
def f(...) -> T                  def f(...) -> T:  return self._core.f(...)
async def f(...): yield          def f(...):       return drive_iter(self._core.f(...))
__aenter__ / __aexit__           __enter__ / __exit__
__aiter__ / __anext__            __iter__ / __next__
@property, @classmethod, @staticmethod, @overload   stay what they are
@async_only, _private            are left out
__sync_open__ = "name"           the sync constructor also calls that method: what is constructed is open
__sync_single__ = True           what leads back to an object gives the sync twin that there is; needs a slot `_twin`, None at first
"""

from __future__ import annotations

import ast

from facadegen.annotations import Mapper, head, parsed
from facadegen.room import FacadeError, Twin
from facadegen.signature import declared, handed_on

RENAMED = {"__aenter__": "__enter__", "__aexit__": "__exit__", "__aiter__": "__iter__", "__anext__": "__next__"}
DELEGATED = frozenset({"__len__", "__bool__", "__iter__", "__contains__", "__getitem__", "__call__"})
SHOWING = frozenset({"_repr_html_"})
"""Private by their names only: what notebooks call."""
LEFT_OUT = frozenset({"__await__", "__del__"})
"""An awaitable has no sync twin; finalizers run when the async object goes, which its face alone holds."""
KEPT_DECORATORS = frozenset({"property", "classmethod", "staticmethod", "overload"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Method:
    """The translation of one function of `owner`."""

    def __init__(
        self, node: Function, owner: Twin, mapper: Mapper, opens: str | None = None, *, single: bool = False
    ) -> None:
        self.node = node
        self.owner = owner
        self.mapper = mapper
        self.opens = opens
        self.single = single
        self.where = f"{owner.core}.{node.name}"
        self.decorators = {
            head(item) if not isinstance(item, ast.Call) else head(item.func): item for item in node.decorator_list
        }
        self.returns = parsed(node.returns)

    @property
    def skipped(self) -> bool:
        name = self.node.name
        if "async_only" in self.decorators or name in LEFT_OUT:
            return True
        return name.startswith("_") and not name.endswith("__") and name not in SHOWING

    def translate(self) -> ast.FunctionDef:
        name = self.node.name
        if name.startswith("__") and name not in {*RENAMED, *DELEGATED, "__init__", "__repr__"}:
            raise FacadeError(
                f"{self.where}: no sync translation is known for this special method: mark it @async_only"
            )
        if unknown := set(self.decorators) - KEPT_DECORATORS - {"setter"}:
            raise FacadeError(f"{self.where}: decorator {', '.join(sorted(unknown))} has no sync translation")
        returns = None if self.returns is None else self.mapper.sync(self.returns)
        return ast.FunctionDef(
            name=RENAMED.get(name, name),
            args=declared(self.node.args, self.mapper),
            body=[*self._docstring(), *ast.parse(self._body()).body],
            decorator_list=self.node.decorator_list,
            returns=returns,
        )

    def _docstring(self) -> list[ast.stmt]:
        text = ast.get_docstring(self.node, clean=False)
        return [] if text is None else [ast.Expr(ast.Constant(in_sync_words(text, self.mapper)))]

    def _body(self) -> str:
        name = self.node.name
        if "overload" in self.decorators:
            return "..."
        if "property" in self.decorators:
            return self._result(f"self._core.{name}")
        if "setter" in self.decorators:
            value = self.node.args.args[1]
            return f"self._core.{name} = {self.mapper.argument(parsed(value.annotation), value.arg, self.where)}"
        arguments = handed_on(self.node.args, self.mapper, self.where)
        if name == "__init__":
            opened = f"\ndrive(self._core.{self.opens}())" if self.opens else ""
            known = "\nself._core._twin = ref(self)" if self.single else ""
            return f"self._core = {self.owner.core}({arguments}){known}{opened}"
        if name == "__repr__":
            return "return repr(self._core).replace(type(self._core).__name__, type(self).__name__, 1)"
        if name == "__anext__":
            step = self._result("drive(self._core.__anext__())")
            return f"try:\n    {step}\nexcept StopAsyncIteration:\n    raise StopIteration from None"
        on_class = "classmethod" in self.decorators or "staticmethod" in self.decorators
        call = f"{self.owner.core if on_class else 'self._core'}.{name}({arguments})"
        return self._result(self._driven(call))

    def _driven(self, call: str) -> str:
        """`call`, brought to its end if it is something to await or to iterate over."""
        coroutine = isinstance(self.node, ast.AsyncFunctionDef) and not _yields(self.node)
        if head(self.returns) == "Awaitable":
            raise FacadeError(f"{self.where}: only a coroutine can be driven: make it `async def` or return Coroutine")
        if coroutine or head(self.returns) == "Coroutine":
            call = f"drive({call})"
        if head(self.returns) in {"AsyncIterator", "AsyncGenerator"}:
            call = f"drive_iter({call})"
        return call

    def _result(self, value: str) -> str:
        returns = None if self.returns is None else self.mapper.sync(self.returns)
        on_class = "classmethod" in self.decorators
        return self.mapper.result(returns, value, self.owner, self.where, on_class=on_class)


def in_sync_words(text: str, mapper: Mapper) -> str:
    """A docstring with its examples in the sync spelling."""
    for asynchronous, sync in (("await ", ""), ("async with ", "with "), ("async for ", "for ")):
        text = text.replace(asynchronous, sync)
    for twin in sorted(mapper.twins.values(), key=lambda twin: -len(twin.core)):
        text = text.replace(twin.core, twin.face)
    return text


def _yields(function: Function) -> bool:
    """Whether this is a generator: a `yield` in its own body, not in a function inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return False
