"""One async class -> its sync twin."""

from __future__ import annotations

import ast
from typing import Any

from facadegen.annotations import Mapper, head, parsed
from facadegen.methods import Method, in_sync_words
from facadegen.room import FacadeError, Twin

PLAIN_BASES = frozenset({"Generic", "Single", "object"})


class Face:
    """The sync twin of one class, and the names it needs from elsewhere."""

    def __init__(self, node: ast.ClassDef, twin: Twin, mapper: Mapper) -> None:
        self.node = node
        self.twin = twin
        self.mapper = mapper
        self.mixin = twin.room.mixins.get(twin.face)
        own = [base for base in node.bases if self.mixin is None or head(base) != self.mixin[1].partition("[")[0]]
        self.bases = [self._base(base) for base in own]

    @property
    def single(self) -> bool:
        """Whether the core object knows its twin, so that there is one for as long as somebody has it."""
        return bool(self._assigned("__sync_single__"))

    @property
    def inherits(self) -> bool:
        return any(head(base) in self.mapper.faces for base in self.bases)

    @property
    def inherits_core(self) -> bool:
        """Whether one of the bases has the place of the core object."""
        bases = [self.mapper.faces.get(head(base) or "") for base in self.bases]
        return any(base is not None and base.face not in base.room.parts for base in bases)

    def class_def(self) -> ast.ClassDef:
        body: list[ast.stmt] = []
        if text := ast.get_docstring(self.node, clean=False):
            body.append(ast.Expr(ast.Constant(in_sync_words(text, self.mapper))))
        body += self._frame()
        for item in self.node.body:
            body += self._member(item)
        mixin = [ast.parse(self.mixin[1], mode="eval").body] if self.mixin else []
        return ast.ClassDef(
            name=self.twin.face,
            bases=[*mixin, *self.bases],
            keywords=[],
            body=body,
            decorator_list=[],
        )

    def _base(self, base: ast.expr) -> ast.expr:
        base = parsed(base) or base
        if head(base) in self.mapper.twins:
            return self.mapper.sync(base)
        if head(base) in PLAIN_BASES:
            return base
        raise FacadeError(
            f"{self.twin.core} derives from {ast.unparse(base)}, whose methods would be missing from {self.twin.face}: "
            "list that class in the manifest of tools/facade.py too"
        )

    def _frame(self) -> list[ast.stmt]:
        """Slots, the core object, and the way to wrap one that exists."""
        parameters = [ast.unparse(base.slice) for base in self.node.bases if isinstance(base, ast.Subscript)]
        core = f"{self.twin.core}[{parameters[0]}]" if parameters else self.twin.core
        if self.inherits_core or self.twin.face in self.twin.room.parts:
            if self.single:
                raise FacadeError(
                    f"{self.twin.core}: __sync_single__ belongs where the core object is kept, in a base of it"
                )
            return ast.parse(f"__slots__ = ()\n_core: {core}").body
        slots = '("_core", "__weakref__")' if self.single or self._weak() else '("_core",)'
        found = [
            "    known = None if core._twin is None else core._twin()",
            "    if isinstance(known, cls):",
            "        return known",
        ]
        lines = [
            f"__slots__ = {slots}",
            f"_core: {core}",
            "@classmethod",
            f"def _of(cls, core: {core}) -> Self:",
            *(found if self.single else []),
            "    self = cls.__new__(cls)",
            "    self._core = core",
            *(["    core._twin = ref(self)"] if self.single else []),
            "    return self",
        ]
        return ast.parse("\n".join(lines)).body

    def _weak(self) -> bool:
        """Whether the async class can be referred to weakly: it says so in its slots, or has none."""
        slots = self._assigned("__slots__")
        return slots is None or "__weakref__" in slots

    def _assigned(self, name: str) -> Any:
        """The literal assigned to `name` in the class body; None if there is none."""
        for item in self.node.body:
            if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == name:
                return ast.literal_eval(item.value)
        return None

    def _member(self, item: ast.stmt) -> list[ast.stmt]:
        match item:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                method = Method(item, self.twin, self.mapper, self._assigned("__sync_open__"), single=self.single)
                if method.skipped:
                    return []
                return [method.translate()]
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_"):
                return self._attribute(name, item.annotation)
            case ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith("_"):
                raise FacadeError(
                    f"{self.twin.core}.{name}: annotate it (`{name}: T`) to show it in {self.twin.face} too"
                )
            case _:
                return []

    def _attribute(self, name: str, annotation: ast.expr) -> list[ast.stmt]:
        """A public attribute declared in the class body -> a property."""
        getter = ast.parse(f"@property\ndef {name}(self) -> {ast.unparse(annotation)}: ...").body[0]
        assert isinstance(getter, ast.FunctionDef)
        position = next(
            i
            for i, item in enumerate(self.node.body)
            if item.__class__ is ast.AnnAssign and ast.unparse(item.target) == name
        )
        following = self.node.body[position + 1 : position + 2]
        if following and isinstance(following[0], ast.Expr) and isinstance(following[0].value, ast.Constant):
            getter.body.insert(0, following[0])
        return [Method(getter, self.twin, self.mapper).translate()]
