"""README.md and docs/: both checkers are silent about the blocks, but for lines that are meant to be as they are.

Each document is a function, since its blocks await; the lines are those of the document.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

from tests.docs.blocks import blocks

ROOT = Path(__file__).parents[2]
DOCUMENTS = [path for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))) if blocks(path)]

LOOSE = (
    "--allow-redefinition", "--allow-untyped-defs", "--allow-incomplete-defs", "--allow-untyped-calls", "--allow-any-generics",
    "--disable-error-code=union-attr", "--disable-error-code=import-untyped", "--disable-error-code=var-annotated",
)  # fmt: skip
"""Where strict mypy's taste is not that of examples: functions without annotations, and no `assert` that a row which was just written is there."""

SETTINGS = {
    "typeCheckingMode": "standard",
    "venvPath": str(Path(sys.prefix).parent),
    "venv": Path(sys.prefix).name,
    "extraPaths": [str(ROOT / "python")],
    **dict.fromkeys(
        ("reportOptionalMemberAccess", "reportOptionalSubscript", "reportOptionalOperand", "reportOptionalIterable",
         "reportPossiblyUnboundVariable", "reportInvalidTypeForm"), "none",
    ),
}  # fmt: skip
"""The same; and types that FastAPI reads are made by a function, in a document that is one here."""

MEANT: dict[str, frozenset[str]] = {
    # `id: int | None` of a dataclass or a Pydantic model says that it may be missing, and checkers cannot know that it was inserted.
    "README": frozenset({
        'Book(title="Notes on the Analytical Engine", year=1843, author_id=ada.id),',
        'Book(title="Letters", author_id=ada.id),',
        'session.insert(Book(title="Mechanism of the Heavens", year=1831, author_id=mary.id))',
    }),
    "models": frozenset({'review = session.insert(Review(book_id=book.id, text="It lives.", stars=5))'}),
    # None, where there is no result, and the gap among notifications, are for programs to look for.
    "dbapi": frozenset({"name, price = cur.description"}),
    "notifications": frozenset({"print(task.result().payload)"}),
    "queries": frozenset({"session.update(product, stock=product.stock - 1)"}),
    "pipelines": frozenset({"print(error.sqlstate, type(error.__cause__).__name__)"}),
    "expressions": frozenset({
        # 0 is no Decimal.
        'assert each(func.coalesce(Sale.tip, 0) + Sale.amount) == [Decimal("10.00"), Decimal("33.00"), Decimal("20.50")]',
        # They ask `str.__eq__` first, which says bool.
        'assert sales.filter("cash" == any_(Sale.tags)).count() == 1',
    }),
    # The second version of a program, in the same document.
    "schema": frozenset({"class Product:  # the next version of the program", "class Product:"}),
    # `Column.table` may be any source: of a model's columns it is the table.
    "sql": frozenset({
        'rows(Insert.of_rows(people, columns, [(1, "Ada", None, 50), (2, "Bob", 1, 20), (3, "Cyd", 1, 30), (4, "Dan", 2, 20)]))',
        'new = Insert(people, [Person.id, Person.name, Person.pay], (9, "Bob", 5), returning=[Person.id, Person.pay])',
        "assert rows(Insert.from_query(people, [Person.id, Person.name, Person.pay], copies, returning=[Person.name])) == [",
        'under = people.as_("under")',
        "rows(Update(people, [(Person.pay, Person.pay + raises.c.more)], raises.c.name == Person.name, from_=[raises]))",
        """assert rows(Delete(people, gone.c.id == Person.id, [Person.name], using=[gone])) == [("Ada'",)]""",
    }),
    # Values of many types in one dict; and columns that may be None without `= mapped_column()`, which is the default they lack.
    "types": frozenset({
        "full = session.insert(Everything(**values))",
        "empty = session.insert(Everything())",
        "session.insert(Everything(**wrong))",
    }),
    # What is refused.
    "validation": frozenset({'CreateUserInput(email="bad-email", age=-1, tags=["a", 2])'}),
}  # fmt: skip
"""By document the lines that one of the checkers objects to, and why they stay."""

Complaints = dict[str, dict[int, str]]


def written(target: Path) -> None:
    """The documents as modules."""
    for path in DOCUMENTS:
        lines = ["async def document() -> None:"]
        for block in blocks(path):
            lines += [""] * (block.line - 1 - len(lines))
            lines += textwrap.indent(block.text, "    ").split("\n")
        (target / module(path)).write_text("\n".join(lines) + "\n")
    (target / "pyrightconfig.json").write_text(json.dumps(SETTINGS))


def module(path: Path) -> str:
    return f"{path.stem.lower().replace('-', '_')}_md.py"


@cache
def mypy(target: Path) -> Complaints:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", *LOOSE, "--config-file", ROOT / "tests/typing/mypy.ini",
         *[module(path) for path in DOCUMENTS]],
        cwd=target, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: Complaints = {}
    for name, line, message in re.findall(r"^(.+?):(\d+): error: (.*)$", done.stdout, re.MULTILINE):
        found.setdefault(name, {}).setdefault(int(line), message)
    return found


@cache
def basedpyright(target: Path) -> Complaints:
    done = subprocess.run(
        [Path(sys.executable).parent / "basedpyright", "--outputjson", "--level", "error", "-p", target],
        cwd=target, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: Complaints = {}
    for item in json.loads(done.stdout)["generalDiagnostics"]:
        found.setdefault(Path(item["file"]).name, {}).setdefault(item["range"]["start"]["line"] + 1, item["message"])
    return found


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("documents")
    written(target)
    return target


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_checkers_have_no_objection(path: Path, modules: Path) -> None:
    lines = path.read_text().splitlines()
    found = [(checker.__name__, *item) for checker in (mypy, basedpyright)
             for item in checker(modules).get(module(path), {}).items()]  # fmt: skip
    meant = MEANT.get(path.stem, frozenset())

    surprising = [f"{path.name}:{line}: {lines[line - 1].strip()}  -> {name}: {message}" for name, line, message in found
                  if lines[line - 1].strip() not in meant]  # fmt: skip

    assert surprising == []
    assert meant <= {lines[line - 1].strip() for _, line, _ in found}, "excused without need"
