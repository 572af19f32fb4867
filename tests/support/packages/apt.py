"""apt without root: its state is in a folder of ours, and packages are unpacked instead of installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.support.packages.missing import Missing

T = TypeVar("T")

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MIRROR = "http://deb.debian.org/debian"
PATIENCE = 100
"""Seconds for one command, less than a test has: a network that is not there is to be named, not waited for."""


class Apt:
    """The packages of this machine's distribution, or of a release of Debian as if on a machine without any.

    `folder` holds what apt writes. Signatures are checked by apt itself.
    """

    def __init__(self, folder: Path, release: str | None = None) -> None:
        if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
            raise Missing("this machine has no apt-get and no dpkg-deb")
        self._folder = folder
        self._fresh = False
        self._private = {
            "Dir::State": folder / "state",
            "Dir::Cache": folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        }
        self._options: dict[str, object] = {
            "Debug::NoLocking": "1",
            "APT::Sandbox::User": "",  # as root it would download as a user who may not write here
            "APT::Install-Recommends": "false",
            "Acquire::Retries": "2",
        }
        if release is not None:
            self._take(release)

    def postgresql(self) -> str:
        """`postgresql-15`, or whatever is current in this distribution."""
        return self._with_lists(self._current_postgresql)

    def unpack(self, name: str, into: Path) -> None:
        """Unpack a package and the libraries that it needs and the machine lacks."""
        downloads = self._with_lists(lambda: self._download(name))
        for package in sorted(downloads.iterdir()):
            _output(["dpkg-deb", "-x", str(package), str(into)])

    def _current_postgresql(self) -> str:
        shown = self._run("apt-cache", "show", "postgresql")
        found = re.search(r"^Depends:.*\b(postgresql-\d+)", shown, re.MULTILINE)
        if found is None:
            raise Missing("apt knows no package postgresql")
        return found[1]

    def _download(self, name: str) -> Path:
        plan = self._run("apt-get", "-s", "install", name)
        needed = {found[1]: found[2] for found in re.finditer(r"^Inst (\S+)(?: \[.*?\])? \((\S+)", plan, re.MULTILINE)}
        libraries = [f"{package}={version}" for package, version in needed.items() if is_library(package)]
        downloads = Path(tempfile.mkdtemp(prefix="downloads-", dir=self._folder))
        self._run("apt-get", "download", name, *libraries, cwd=downloads)
        return downloads

    def _with_lists(self, ask: Callable[[], T]) -> T:
        """The machine's lists of packages may be missing or old: then `ask` again with fresh ones."""
        try:
            return ask()
        except Missing:
            if self._fresh:
                raise
        away: Missing | None = None
        try:
            self._update()
        except Missing as missing:  # one of the machine's archives: another may have it
            away = missing
        try:
            return ask()
        except Missing as missing:
            raise away or missing from missing

    def _update(self) -> None:
        self._fresh = True
        self._options |= self._private
        for folder in ("state/lists/partial", "cache/archives/partial"):
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
        self._run("apt-get", "update")

    def _run(self, *command: str, cwd: Path | None = None) -> str:
        program, *arguments = command
        options = [f"-o{name}={value}" for name, value in self._options.items()]
        return _output([program, *options, *arguments], cwd, said=" ".join(command))

    def _take(self, release: str) -> None:
        """Know nothing but one release of Debian, and nothing as installed."""
        keyring = KEYRING
        if not keyring.exists():  # another distribution, which has it as a package
            aside = self._folder / "keyring"
            aside.mkdir()
            Apt(aside).unpack("debian-archive-keyring", aside)
            keyring = aside / KEYRING.relative_to("/")
        sources, status = self._folder / "sources.list", self._folder / "status"
        sources.write_text(f"deb [signed-by={keyring}] {MIRROR} {release} main\n")
        status.touch()
        self._options |= {"Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-", "Dir::State::status": status}
        self._update()


def is_library(package: str) -> bool:
    """Whether a program may need it to start. LLVM (100 MB) is for PostgreSQL's JIT, which works without."""
    return package.startswith("lib") and not re.search(r"perl|^libllvm", package)


def _output(command: list[str], cwd: Path | None = None, said: str = "") -> str:
    """What a command prints. `said` is it without what only a machine wants to read."""
    said = said or " ".join(command)
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=cwd,
            env=os.environ | {"LC_ALL": "C"},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"{said} took more than {PATIENCE} seconds") from error
    if done.returncode:
        raise Missing(f"{said} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout
