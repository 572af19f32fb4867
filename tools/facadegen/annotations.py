"""How a type is translated, and how a value of it crosses between the async object and its sync face."""

from __future__ import annotations

import ast
import copy

from facadegen.room import FacadeError, Twin

ITERATORS = {"AsyncIterator": "Iterator", "AsyncGenerator": "Iterator", "AsyncIterable": "Iterable"}
AWAITABLES = {"Awaitable": 0, "Coroutine": 2}
"""Names whose result type is the subscript at this index."""
MANAGERS = frozenset({"AbstractAsyncContextManager", "AsyncContextManager"})


def parsed(node: ast.expr | None) -> ast.expr | None:
    """A copy of an annotation with quoted parts unquoted."""
    return None if node is None else _Unquote().visit(copy.deepcopy(node))


class _Unquote(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.parse(node.value, mode="eval").body if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node if head(node) == "Literal" else self.generic_visit(node)


def head(node: ast.expr | None) -> str:
    """`Iterator` of `Iterator[int]` or `collections.abc.Iterator[int]`; empty if it has none."""
    match node:
        case ast.Subscript(value=value):
            return head(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def arguments(node: ast.expr) -> list[ast.expr]:
    """`[A, B]` of `X[A, B]`."""
    if not isinstance(node, ast.Subscript):
        return []
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def members(node: ast.expr) -> list[ast.expr]:
    """`[A, B]` of `A | B`; `[A]` of anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*members(node.left), *members(node.right)]
    return [node]


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class Mapper:
    """Translates annotations for one set of twins."""

    def __init__(self, twins: dict[str, Twin]) -> None:
        self.twins = twins
        self.faces = {twin.face: twin for twin in twins.values()}

    def twin(self, node: ast.expr) -> Twin | None:
        """The twins that an annotation names itself, under either name."""
        name = head(node)
        return self.twins.get(name) or self.faces.get(name)

    def mentions(self, node: ast.expr) -> bool:
        return any(isinstance(part, ast.Name | ast.Attribute) and self.twin(part) for part in ast.walk(node))

    def sync(self, node: ast.expr) -> ast.expr:
        """The annotation as the sync face shows it."""
        return _Sync(self).visit(copy.deepcopy(node))

    def argument(self, node: ast.expr | None, name: str, where: str) -> str:
        """The expression that hands the argument `name` to the async object."""
        if node is None:
            return name
        if any(head(part) in AWAITABLES for part in ast.walk(node) if isinstance(part, ast.expr)):
            raise FacadeError(f"{where}: the argument {name} is awaited, so it has no sync twin: mark it @async_only")
        parts = members(node)
        heads = {head(part) for part in parts}
        if "AsyncIterable" in heads and not heads & {"Iterable", "Sequence"}:
            raise FacadeError(f"{where}: {name} must also accept Iterable, which is what the sync twin hands on")
        known = [twin for part in parts if (twin := self.twin(part))]
        if not known:
            if self.mentions(node):
                raise FacadeError(
                    f"{where}: a mapped class inside {ast.unparse(node)} cannot be unwrapped: @async_only"
                )
            return name
        others = [part for part in parts if not self.twin(part)]
        if not others:
            return f"{name}._core"
        if all(is_none(part) for part in others):
            return f"None if {name} is None else {name}._core"
        faces = " | ".join(sorted({twin.face for twin in known}))
        return f"{name}._core if isinstance({name}, {faces}) else {name}"

    def result(self, node: ast.expr | None, value: str, owner: Twin, where: str, *, on_class: bool) -> str:
        """The statements that return `value`, wrapped in its face when it has one."""
        if node is None:
            return f"return {value}"
        if is_none(node):
            return value
        if head(node) in MANAGERS:
            raise FacadeError(f"{where}: return a class with __aenter__ and __aexit__ and list it in the manifest")
        parts = [part for part in members(node) if not is_none(part)]
        optional = len(parts) < len(members(node))
        if len(parts) == 1 and (wrap := self._wrapper(parts[0], owner, on_class)):
            if optional:
                return f"core = {value}\nreturn None if core is None else {wrap}(core)"
            if wrap == "self._of":
                return f"core = {value}\nreturn self if core is self._core else self._of(core)"
            return f"return {wrap}({value})"
        if len(parts) == 1 and not optional and (inner := arguments(parts[0])):
            wrap = self._wrapper(inner[0], owner, on_class)
            if wrap and head(parts[0]) == "list":
                return f"return [{wrap}(core) for core in {value}]"
            if wrap and head(parts[0]) == "Iterator":
                return f"return ({wrap}(core) for core in {value})"
        if self.mentions(node):
            raise FacadeError(f"{where}: a mapped class inside {ast.unparse(node)} cannot be wrapped")
        return f"return {value}"

    def _wrapper(self, node: ast.expr, owner: Twin, on_class: bool) -> str | None:
        """What turns an async object of this type into its face; None for other types."""
        if head(node) == "Self":
            return "cls._of" if on_class else "self._of"
        twin = self.twin(node)
        if twin is None:
            return None
        # A parametrised twin may carry another parameter than `self` does, so its type is worked out from the core object.
        same = twin is owner and not on_class and not arguments(node)
        return "self._of" if same else f"{twin.face}._of"


class _Sync(ast.NodeTransformer):
    """AsyncX -> X, AsyncIterator[T] -> Iterator[T], Awaitable[T] -> T; `X | X` -> `X`."""

    def __init__(self, mapper: Mapper) -> None:
        self.mapper = mapper

    def visit_Name(self, node: ast.Name) -> ast.expr:
        twin = self.mapper.twins.get(node.id)
        return ast.Name(twin.face if twin else ITERATORS.get(node.id, node.id))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        name = head(node)
        if name in AWAITABLES:
            return self.visit(arguments(node)[AWAITABLES[name]])
        if name == "AsyncGenerator":
            return ast.Subscript(ast.Name("Iterator"), self.visit(arguments(node)[0]))
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        unique: dict[str, ast.expr] = {}
        for part in members(node):
            visited = self.visit(part)
            unique.setdefault(ast.unparse(visited), visited)
        first, *rest = unique.values()
        for part in rest:
            first = ast.BinOp(first, ast.BitOr(), part)
        return first
