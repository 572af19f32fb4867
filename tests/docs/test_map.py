"""What the documents about the code name is there: paths, rooms, pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "ferrow"
ROOTS = (ROOT, PACKAGE, ROOT / "crates/pycore/src", *sorted(ROOT.glob("crates/pycore/src/*/")), ROOT / "tests/support")


def spelt(path: str) -> list[str]:
    """`a/{b,c}.py` as the paths it stands for."""
    found = re.search(r"\{([^{}]*)\}", path)
    if found is None:
        return [path]
    return [one for part in found[1].split(",") for one in spelt(path[: found.start()] + part + path[found.end() :])]


def paths(line: str) -> Iterator[str]:
    """The paths that a line names in backquotes."""
    for code in re.findall(r"`([^`]+)`", line):
        is_path = "/" in code or re.search(r"\.(py|rs|md|toml|json)$", code)
        if is_path and not re.search(r" |://|^/", code):
            yield from spelt(re.sub("<\\w+>", "*", code.rstrip("/")))


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_paths_are_there(document: str) -> None:
    missing = []
    for paragraph in re.split(r"\n\n|(?<=\|)\n", (ROOT / document).read_text()):
        places = dict.fromkeys(ROOTS)  # a name without a folder is in one that was named before
        for path in paths(paragraph):
            found = [one for place in places for one in place.glob(path)]
            if not found:
                missing.append(path)
            places |= dict.fromkeys(folder for one in found for folder in (one, *one.parents[:2]) if folder.is_dir())
    assert missing == []


def test_every_room_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    rooms = [one.parent.name for one in PACKAGE.glob("*/__init__.py")]
    rooms += [one.stem for one in PACKAGE.glob("*.py") if one.stem != "__init__"]
    assert [room for room in rooms if f"`{room}`" not in text] == []


def test_every_page_is_in_the_index() -> None:
    text = (ROOT / "docs" / "index.md").read_text()
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages == set(re.findall(r"\]\((\w[\w-]*\.md)\)", text))


def test_links_lead_somewhere() -> None:
    missing = []
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for link in re.findall(r"\]\(([\w./-]+)(?:#[\w-]*)?\)", document.read_text()):
            if "://" not in link and not (document.parent / link).exists():
                missing.append(f"{document.name}: {link}")
    assert missing == []
