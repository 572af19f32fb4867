"""Write the licences of what is linked into the extension module: crates, the standard library of Rust, SQLite.

python tools/licences.py            write THIRD-PARTY-LICENSES.txt, which every wheel has
python tools/licences.py --check    fail when it is not what would be written
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "THIRD-PARTY-LICENSES.txt"

# One file for the wheels of all platforms; those for the same processor differ in nothing that is linked.
TARGETS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin")

TAKEN = ("MIT", "Zlib", "Unicode-3.0")
"""What may be linked, and which of a crate's alternatives is taken."""

HEAD = """\
The extension module of Ferrow contains, compiled, what is listed here, each with its licence.
The library of SQLite in it is in the public domain: https://sqlite.org/copyright.html
"""


class LicenceError(Exception):
    """A crate that cannot be shipped as it is."""


@dataclass(frozen=True)
class Crate:
    name: str
    version: str
    terms: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def texts(self) -> Iterator[str]:
        """The text of each licence that is taken: of alternatives one, of what adds up all."""
        for part in re.split(r"\s+AND\s+", self.terms):
            offered = re.split(r"\s+OR\s+|/", part.strip("() "))
            taken = next((one for one in TAKEN if one in offered), None)
            if taken is None:
                raise LicenceError(f"{self} is licensed under {self.terms!r}: none of {', '.join(TAKEN)} is offered")
            yield self._text(taken)

    def _text(self, taken: str) -> str:
        found = {path.stem.upper(): path for path in sorted(self.folder.iterdir()) if path.is_file()}
        for name in (f"LICENSE-{taken.partition('-')[0].upper()}", "LICENSE", "COPYING"):
            if name in found:
                return "\n".join(line.rstrip() for line in found[name].read_text().strip().splitlines())
        raise LicenceError(f"{self} has no file with the text of {taken}: {self.folder}")


def linked() -> list[Crate]:
    """The crates of others whose code is in the extension module."""
    found: dict[str, Crate] = {}
    for target in TARGETS:
        graph = _metadata(target)
        packages = {package["id"]: package for package in graph["packages"]}
        for name in _reached(graph):
            package = packages[name]
            if package["source"]:
                folder = Path(package["manifest_path"]).parent
                found[name] = Crate(package["name"], package["version"], package["license"] or "", folder)
    return sorted(found.values(), key=str)


def _reached(graph: dict[str, Any]) -> set[str]:
    """From the module along what is linked, and not what only compiles: build scripts and macros."""
    macros = {
        one["id"] for one in graph["packages"] if any("proc-macro" in target["kind"] for target in one["targets"])
    }
    nodes = {node["id"]: node for node in graph["resolve"]["nodes"]}
    [start] = [package["id"] for package in graph["packages"] if package["name"] == "pycore"]
    reached, waiting = {start}, [start]
    while waiting:
        for needed in nodes[waiting.pop()]["deps"]:
            usual = any(kind["kind"] is None for kind in needed["dep_kinds"])
            if usual and needed["pkg"] not in reached | macros:
                reached.add(needed["pkg"])
                waiting.append(needed["pkg"])
    return reached


def _metadata(target: str) -> dict[str, Any]:
    command = ["cargo", "metadata", "--format-version=1", "--locked", f"--filter-platform={target}"]
    graph: dict[str, Any] = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    return graph


def written(crates: Iterable[Crate], ours: str) -> str:
    """All of it, each text once: under the names of those that share it."""
    rust = re.sub(r"Copyright .*", "Copyright (c) The Rust Project contributors", ours).strip()
    owners: dict[str, list[str]] = {rust: ["the standard library of Rust"]}
    for crate in crates:
        for text in crate.texts():
            owners.setdefault(text, []).append(str(crate))
    rule = "-" * 80
    return "\n".join([HEAD, *(f"{rule}\n{', '.join(names)}\n{rule}\n\n{text}\n" for text, names in owners.items())])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the file is stale")
    check = parser.parse_args(arguments).check
    try:
        text = written(linked(), (ROOT / "LICENSE").read_text())
    except LicenceError as error:
        print(error, file=sys.stderr)
        return 1
    if check and (not FILE.exists() or FILE.read_text() != text):
        print(f"{FILE.name} is stale: run `python tools/licences.py`", file=sys.stderr)
        return 1
    if not check:
        FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
