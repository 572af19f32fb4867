"""The Python blocks of a Markdown file, and how they are run.

The blocks of one file share a namespace and an event loop, so a later block may use what an earlier one made; `await` is
allowed at their top level. A block that is not meant to run says why in a comment on the line before it:

    <!-- not run: needs two servers -->
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = "postgresql://user:password@localhost/app"
"""The URL that documents write; the tests put that of their own server in its place."""
NOT_RUN = "<!-- not run: "


@dataclass(frozen=True)
class Block:
    path: Path
    line: int
    """1-based line of the file on which the code begins."""
    text: str


def blocks(path: Path) -> list[Block]:
    """The blocks of `path` that are to be run."""
    found: list[Block] = []
    lines = path.read_text().splitlines()
    number = 0
    while number < len(lines):
        opening = lines[number].strip()
        number += 1
        if not opening.startswith("```"):
            continue
        start = number
        while number < len(lines) and lines[number].strip() != "```":
            number += 1
        excused = start >= 2 and lines[start - 2].strip().startswith(NOT_RUN)
        if opening.removeprefix("```").strip() in {"python", "py"} and not excused:
            found.append(Block(path, start + 1, "\n".join(lines[start:number])))
        number += 1
    return found


def run(all_blocks: list[Block], server: str) -> dict[str, Any]:
    """Run the blocks of one file in order; a failure's traceback shows the line of the document."""
    # A module of its own: models look up the names in their annotations there.
    module = types.ModuleType("documentation")
    sys.modules[module.__name__] = module
    try:
        with asyncio.Runner() as runner:
            for block in all_blocks:
                text = "\n" * (block.line - 1) + block.text.replace(SERVER, server)
                code = compile(text, str(block.path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                if code.co_flags & inspect.CO_COROUTINE:
                    runner.run(_awaited(code, module))
                else:
                    exec(code, module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module.__dict__


async def _awaited(code: types.CodeType, module: types.ModuleType) -> None:
    await eval(code, module.__dict__)
