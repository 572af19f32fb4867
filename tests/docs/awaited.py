"""A program in plain calls as the one that awaits: what a reader of PostPyro's document writes under asyncio."""

from __future__ import annotations

import ast
import inspect

from ferrow import driver

WAITING = {
    name
    for kind in (driver.AsyncConnection, driver.AsyncTransaction)
    for name, _ in inspect.getmembers(kind, inspect.iscoroutinefunction)
}
HOLDERS = ("conn", "tx")
"""What the document calls its connections and transactions."""


def awaited(text: str) -> ast.Module:
    """The program with `await` before whatever waits; what waits itself is `async def` and `async with`."""
    return ast.fix_missing_locations(_Awaited().visit(ast.parse(text)))


class _Awaited(ast.NodeTransformer):
    def __init__(self) -> None:
        self.waiting: set[str] = set()

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(attr="Connection" | "connect"):
                node.func.attr = "connect_async"
                return ast.Await(node)
            case ast.Attribute(value=ast.Name(id=holder) | ast.Attribute(attr=holder), attr=name):
                return ast.Await(node) if holder in HOLDERS and name in WAITING else node
            case ast.Name(id=name) if name in self.waiting:
                return ast.Await(node)
            case _:
                return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        self.generic_visit(node)
        waits = any(isinstance(item.context_expr, ast.Await) for item in node.items)
        return ast.AsyncWith(node.items, node.body) if waits else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        self.generic_visit(node)
        if not any(isinstance(part, ast.Await | ast.AsyncWith) for part in ast.walk(node)):
            return node
        self.waiting.add(node.name)
        return ast.AsyncFunctionDef(node.name, node.args, node.body, node.decorator_list, node.returns)
