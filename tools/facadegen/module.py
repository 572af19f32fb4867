"""One room -> the text of its `_sync.py`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from facadegen.annotations import Mapper
from facadegen.classes import Face
from facadegen.names import BUILTIN, Imports, origins
from facadegen.room import FacadeError, Room, meant, module_path, twins

CONFIG = Path(__file__).resolve().parents[2] / "pyproject.toml"
HELPERS = {
    "drive": ("ferrow.wire.drive", "drive"),
    "drive_iter": ("ferrow.wire.drive", "drive_iter"),
    "BLOCKING": ("ferrow.wire.blocking", "BLOCKING"),
    "Self": ("typing", "Self"),
    "ref": ("weakref", "ref"),
    "Iterator": ("collections.abc", "Iterator"),
    "Iterable": ("collections.abc", "Iterable"),
}


def generate(room: Room, manifest: list[Room], root: Path) -> str:
    """The formatted text of the sync module of `room`; `root` is the folder the packages are in."""
    known = twins(manifest, room)
    imports = Imports(room.module)
    parts: list[str] = []
    loose = False
    for source, pairs in room.classes.items():
        path = module_path(root, source)
        if not path.exists():
            raise FacadeError(f"{path} does not exist; the manifest of tools/facade.py names it")
        tree = ast.parse(path.read_text(), str(path))
        table = origins(tree, source, path.name == "__init__.py")
        mapper = Mapper(meant(known, table))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        for core in pairs:
            if core not in classes:
                raise FacadeError(f"{source} has no class {core}; the manifest of tools/facade.py names it")
            face = Face(classes[core], known[core], mapper)
            text = ast.unparse(ast.fix_missing_locations(face.class_def()))
            loose |= face.inherits
            _collect(text, face, table, mapper, imports)
            parts.append(f"# {source}.{core}\n{text}\n")
    return _formatted(_header(loose) + _text(imports.statements()) + "\n\n" + "\n\n".join(parts), room.output(root))


def _header(loose: bool) -> str:
    # A subclass holds a more special core object than its base says: sound, because `_core` is set once.
    pragma = "# pyright: reportIncompatibleVariableOverride=false\n" if loose else ""
    return (
        '"""The sync classes of this room: each method is one line over the async one it is named after.\n\n'
        'Written by tools/facade.py from the classes named in the comments; edit those, then run `make facade`.\n"""\n\n'
        + pragma
    )


def _text(statements: list[ast.stmt]) -> str:
    return "\n".join(ast.unparse(ast.fix_missing_locations(statement)) for statement in statements)


def _collect(text: str, face: Face, table: dict[str, tuple[str, str | None]], mapper: Mapper, imports: Imports) -> None:
    """Ask for the imports of every name in the class: at run time where it is evaluated there."""
    evaluated, annotated = _names(ast.parse(text))
    if face.mixin:
        name = face.mixin[1].partition("[")[0]
        imports.need(name, (face.mixin[0], name), runtime=True)
        evaluated.remove(name)
    for name in sorted(evaluated | annotated):
        runtime = name in evaluated
        if name in mapper.faces:
            imports.need(name, (mapper.faces[name].room.module, name), runtime=runtime)
        elif name in mapper.twins:
            imports.need(name, (mapper.twins[name].source, name), runtime=runtime)
        elif name in HELPERS:
            imports.need(name, HELPERS[name], runtime=runtime)
        elif name in table:
            imports.need(name, table[name], runtime=runtime)
        elif name not in BUILTIN:
            raise FacadeError(f"{face.twin.core}: where does {name} come from?")


def _names(node: ast.Module) -> tuple[set[str], set[str]]:
    """The names of a class that are evaluated, and those that only stand in annotations."""
    annotations: list[ast.expr] = []
    for item in ast.walk(node):
        match item:
            case ast.FunctionDef(returns=returns) if returns is not None:
                annotations.append(returns)
            case ast.arg(annotation=annotation) if annotation is not None:
                annotations.append(annotation)
            case ast.AnnAssign(annotation=annotation):
                annotations.append(annotation)
            case _:
                pass
    inside = {id(part) for annotation in annotations for part in ast.walk(annotation)}
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    evaluated = {part.id for part in names if id(part) not in inside} - _local(node)
    return evaluated, {part.id for part in names if id(part) in inside}


def _local(node: ast.Module) -> set[str]:
    """Names bound inside the class: parameters, variables, members (`@name.setter`)."""
    stored = {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    arguments = {item.arg for item in ast.walk(node) if isinstance(item, ast.arg)}
    return stored | arguments | {item.name for item in ast.walk(node) if isinstance(item, ast.FunctionDef)}


def _formatted(text: str, path: Path) -> str:
    """`text` as ruff would leave it on disk at `path`, with the project's settings."""
    for command in (["check", "--quiet", "--select", "I", "--fix-only", "--exit-zero"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(CONFIG), "--stdin-filename", str(path), "-"]
        done = subprocess.run(ruff, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FacadeError(f"ruff {command[0]} refused the generated text:\n{done.stderr}")
        text = done.stdout
    return text
