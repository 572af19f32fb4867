"""The Python blocks of a Markdown file, and how they are run.

The blocks of one file share a namespace and an event loop, so a later block may use what an earlier one made; `await` is
allowed at their top level. A block that is not meant to run says why in a comment on the line before it:

    <!-- not run: needs two servers -->

A `text` block that follows a Python block at once is what that block prints; a comment between them says that it is only an example.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
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
    output: str | None = None
    """What the document says that it prints; None if it does not say."""


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
            output = _output(lines, number + 1)
            found.append(Block(path, start + 1, "\n".join(lines[start:number]), output))
        number += 1
    return found


def _output(lines: list[str], number: int) -> str | None:
    """The `text` block that begins at the first line from `number` on that is not empty."""
    while number < len(lines) and not lines[number].strip():
        number += 1
    if number == len(lines) or lines[number].strip() != "```text":
        return None
    end = next(index for index in range(number + 1, len(lines)) if lines[index].strip() == "```")
    return "\n".join(lines[number + 1 : end])


def run(all_blocks: list[Block], server: str, *, outputs: bool = False) -> dict[str, Any]:
    """Run the blocks of one file in order; a failure's traceback shows the line of the document.

    With `outputs` each block must print what the document says.
    """
    # A module of its own: models look up the names in their annotations there.
    module = types.ModuleType("documentation")
    # Without the scheme, which may be SQLAlchemy's postgresql+ferrow.
    shown, real = (url.partition(":")[2] for url in (SERVER, server))
    sys.modules[module.__name__] = module
    try:
        with asyncio.Runner() as runner:
            for block in all_blocks:
                text = "\n" * (block.line - 1) + block.text.replace(shown, real)
                code = compile(text, str(block.path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    if code.co_flags & inspect.CO_COROUTINE:
                        runner.run(_awaited(code, module))
                    else:
                        exec(code, module.__dict__)
                if outputs and block.output is not None:
                    said = f"{block.path.name}:{block.line} prints something else than the document says"
                    # A document calls itself program.py, of which it shows line 12.
                    found = re.sub(rf"{re.escape(str(block.path))}:\d+", "program.py:12", printed.getvalue())
                    assert found.splitlines() == block.output.splitlines(), said
    finally:
        del sys.modules[module.__name__]
    return module.__dict__


async def played(text: str, path: Path, line: int, names: dict[str, Any]) -> str:
    """Run a text that stands at a line of `path`, whose names are and stay `names`; what it printed."""
    code = compile("\n" * (line - 1) + text, str(path), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        made = eval(code, names)
        if inspect.isawaitable(made):
            await made
    return printed.getvalue()


async def _awaited(code: types.CodeType, module: types.ModuleType) -> None:
    await eval(code, module.__dict__)
