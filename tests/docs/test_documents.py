"""Every Python block of README.md and docs/ runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import SERVER, Block, blocks, run

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {path: blocks(path) for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]}


@pytest.mark.parametrize(
    "document",
    [pytest.param(path, id=str(path.relative_to(ROOT))) for path, found in DOCUMENTS.items() if found],
)
def test_document(
    document: Path, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = DOCUMENTS[document]
    uses_server = any(SERVER in block.text for block in found)
    server = request.getfixturevalue("postgresql_url") if uses_server else SERVER
    monkeypatch.chdir(tmp_path)
    run(found, server, outputs=True)


MARKDOWN = """
```python
x = 1
print(x)
```

```text
1
```
```sh
rm -rf /
```
<!-- not run: it would fail -->
```python
raise SystemExit
```

```python
import asyncio
await asyncio.sleep(0)
url = "postgresql://user:password@localhost/app"
```
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(MARKDOWN)
    return path


def test_blocks_are_found_with_their_lines(document: Path) -> None:
    assert [(block.line, block.text.split("\n")[0]) for block in blocks(document)] == [
        (3, "x = 1"),
        (19, "import asyncio"),
    ]


def test_blocks_share_a_namespace_and_may_wait(document: Path) -> None:
    names = run(blocks(document), "postgresql://elsewhere/db")
    assert names["x"] == 1
    assert names["url"] == "postgresql://elsewhere/db"


def test_failure_names_the_line_of_the_document(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run([Block(tmp_path / "page.md", 40, "y = 1\ny / 0")], SERVER)
    assert caught.traceback[-1].lineno + 1 == 41
    assert Path(caught.traceback[-1].path).name == "page.md"


def test_output_is_compared(document: Path) -> None:
    first, *rest = blocks(document)
    assert (first.output, rest[0].output) == ("1", None)
    run([first], SERVER, outputs=True)
    other = Block(first.path, first.line, "print(2)", "1")
    run([other], SERVER)
    with pytest.raises(AssertionError, match=r"page\.md:3 prints something else"):
        run([other], SERVER, outputs=True)


LINKS = [
    pytest.param(path, target, id=f"{path.relative_to(ROOT)}:{target}")
    for path in DOCUMENTS
    for target in re.findall(
        r"\]\(([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```", "", path.read_text())
    )  # `Repository[User](db)` is none
    if not target.startswith(("http://", "https://"))
]


@pytest.mark.parametrize(("document", "target"), LINKS)
def test_link_leads_somewhere(document: Path, target: str) -> None:
    file, _, heading = target.partition("#")
    page = document.parent / file if file else document
    assert page.exists()
    if heading:
        assert heading in [anchor(line) for line in page.read_text().splitlines() if line.startswith("#")]


def anchor(line: str) -> str:
    """What a forge calls a heading in a link."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
