"""Where the names of a source file come from, and the imports a generated file therefore needs."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from facadegen.room import FacadeError

BUILTIN = frozenset(dir(builtins))


def origins(tree: ast.Module, module: str, is_package: bool) -> dict[str, tuple[str, str | None]]:
    """Each top-level name of a file -> (module, attribute); attribute None for `import module as name`."""
    found: dict[str, tuple[str, str | None]] = {}
    parents = module.split(".") if is_package else module.split(".")[:-1]
    for node in _top_level(tree.body):
        match node:
            case ast.Import():
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    found[name] = (alias.name if alias.asname else name, None)
            case ast.ImportFrom():
                base = parents[: len(parents) - node.level + 1] if node.level else []
                origin = ".".join([*base, *([node.module] if node.module else [])])
                for alias in node.names:
                    found[alias.asname or alias.name] = (origin, alias.name)
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found[node.name] = (module, node.name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = (module, name)
            case _:
                pass
    return found


def _top_level(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a module, those under `if TYPE_CHECKING:` included."""
    flat: list[ast.stmt] = []
    for node in body:
        flat.extend(_top_level([*node.body, *node.orelse]) if isinstance(node, ast.If) else [node])
    return flat


@dataclass
class Imports:
    """The imports of one generated file: what runs, and what only its annotations name."""

    module: str
    runtime: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    typing: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def need(self, name: str, origin: tuple[str, str | None], *, runtime: bool) -> None:
        """Ask for `name`; its own definitions need no import."""
        if origin[0] == self.module:
            return
        for table in (self.runtime, self.typing):
            if table.get(name, origin) != origin:
                raise FacadeError(f"{name} means {table[name]} in one source file and {origin} in another: rename one")
        (self.runtime if runtime else self.typing)[name] = origin

    def statements(self) -> list[ast.stmt]:
        typing = {name: origin for name, origin in self.typing.items() if name not in self.runtime}
        if typing:
            self.need("TYPE_CHECKING", ("typing", "TYPE_CHECKING"), runtime=True)
        lines = ["from __future__ import annotations", *_lines(self.runtime)]
        if typing:
            lines += ["if TYPE_CHECKING:", *(f"    {line}" for line in _lines(typing))]
        return ast.parse("\n".join(lines)).body


def _lines(table: dict[str, tuple[str, str | None]]) -> list[str]:
    lines = []
    for name, (module, attribute) in sorted(table.items(), key=lambda item: (item[1][0], item[0])):
        if attribute is None:
            lines.append(f"import {module}" if module == name else f"import {module} as {name}")
        else:
            lines.append(f"from {module} import {attribute}" + (f" as {name}" if attribute != name else ""))
    return lines
