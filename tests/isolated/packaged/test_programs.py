"""The lines by which documents install, typed where there is nothing else, and the programs that follow them, run there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ferrow import driver
from tests.docs.blocks import blocks
from tests.docs.postpyro import BLOCKS, REFERENCE, SCHEMA, ours
from tests.docs.test_postpyro import PRINTS
from tests.support.installing import HERE, INSTALL, ROOT, Environment, from_source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

THEIRS = {"postpyro.md": ("PostPyro", 2), "ormkit.md": ("ormkit", 1), "picopg.md": ("picopg", 1)}
"""What is called ferrow here, and how often the document installs it."""
SQLITE = blocks(ROOT / "README.md")[0].text


@pytest.mark.parametrize("document", THEIRS)
def test_a_documents_lines_are_what_has_installed_it(environment: Environment, document: str) -> None:
    name, count = THEIRS[document]
    lines = re.findall(r"^pip (install .*)$", (REFERENCE.parent / document).read_text(), re.MULTILINE)
    assert [line.replace(name, "ferrow") for line in lines] == [INSTALL] * count
    assert environment.python("-c", "import ferrow; print(ferrow.__version__)") == f"{driver.__version__}\n"


def test_what_runs_is_what_has_been_installed(environment: Environment) -> None:
    said = environment.python("-c", "import ferrow, ferrow._core; print(ferrow.__file__, ferrow._core.__file__)")
    for path in said.split():
        assert Path(path).is_relative_to(environment.packages)


@pytest.mark.postgresql
def test_the_quick_start_of_the_document(environment: Environment, postgresql_url: str) -> None:
    with driver.connect(postgresql_url) as conn:
        conn.script(SCHEMA)
        text = ours(BLOCKS[27].text)
        program = environment.folder / "quick_start.py"
        program.write_text(text.replace("postgresql://user:password@localhost:5432/database", postgresql_url))
        assert re.fullmatch(PRINTS[27], environment.python(program))
        assert conn.query_one("SELECT email FROM users WHERE name = 'John Doe'") == ("john@example.com",)


def test_the_first_program_of_the_readme(environment: Environment) -> None:
    """It shows what is installed, largest first."""
    program = environment.folder / "first.py"
    program.write_text(SQLITE)
    [line] = environment.python(program).splitlines()
    assert re.fullmatch(rf"ferrow +{re.escape(driver.__version__)} +[\d,]+ files", line)


def test_from_source_as_the_readme_says(tmp_path: Path) -> None:
    """`pip install .`; into a folder, since an environment of its own would need a maturin of its own."""
    assert "\n    pip install .  " in (ROOT / "README.md").read_text()
    packages = tmp_path / "packages"
    from_source("install", *HERE, "--no-compile", "--target", packages, ROOT)
    environment = Environment.made(tmp_path / "environment")
    path = f"import sys; sys.path.insert(0, {str(packages)!r})"
    said = environment.python("-c", f"{path}\nimport ferrow._core\nprint(ferrow._core.__file__)\n{SQLITE}")
    file, shown = said.splitlines()
    assert Path(file).is_relative_to(packages)
    assert shown.startswith("ferrow ")
