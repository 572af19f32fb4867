"""Programs that the tests fetch: found, or missed by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.packages import Missing, missing, require
from tests.support.packages.apt import Apt, is_library
from tests.support.packages.programs import with_contrib
from tests.support.packages.unpacked import starter


def test_what_is_missing_is_skipped_by_name_and_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def find() -> Path:
        nonlocal asked
        asked += 1
        raise Missing("pgbouncer is MISSING")

    monkeypatch.setattr(missing, "on_ci", lambda: False)
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception, match="pgbouncer is MISSING"):
            require(find)
    monkeypatch.setattr(missing, "on_ci", lambda: True)
    with pytest.raises(pytest.fail.Exception, match="pgbouncer is MISSING"):
        require(find)
    assert asked == 1


def test_a_machine_without_apt_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="no apt-get"):
        Apt(tmp_path)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_an_archive_that_is_away_matters_where_no_other_has_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    for program in ("apt-get", "apt-cache", "dpkg-deb"):
        (tmp_path / program).touch(mode=0o755)
    (tmp_path / "apt-get").write_text("#!/bin/sh\ntouch updated; echo an archive is away >&2; exit 100\n")
    knows = "[ -e updated ] && " if elsewhere else "false && "
    (tmp_path / "apt-cache").write_text(f"#!/bin/sh\n{knows}echo Depends: postgresql-15\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    if elsewhere:
        assert Apt(tmp_path).postgresql() == "postgresql-15"
    else:
        with pytest.raises(Missing, match="apt-get update failed: an archive is away"):
            Apt(tmp_path).postgresql()


@pytest.mark.parametrize(
    ("package", "needed"),
    [("libpq5", True), ("libxml2", True), ("libllvm14", False), ("libjson-perl", False), ("perl-base", False)],
)
def test_libraries_are_fetched_and_what_no_program_needs_to_start_is_not(package: str, needed: bool) -> None:
    assert is_library(package) is needed


def test_a_program_is_started_with_the_libraries_beside_it(tmp_path: Path) -> None:
    program, library = tmp_path / "usr/sbin/tool", tmp_path / "usr/lib/some-machine/libtool.so.1"
    for file in (program, library):
        file.parent.mkdir(parents=True)
        file.touch()
    assert f'LD_LIBRARY_PATH="{library.parent}" exec "{program}" "$@"' in starter(tmp_path, program).read_text()
    loader = library.with_name("ld-linux-some-machine.so.2")
    loader.touch()
    script = starter(tmp_path, program)
    assert f'exec "{loader}" --library-path "{library.parent}" "{program}" "$@"' in script.read_text()
    assert script.stat().st_mode & 0o555 == 0o555


def test_a_server_counts_if_its_contrib_modules_are_there(tmp_path: Path) -> None:
    for major in ("15", "17"):
        program = tmp_path / f"usr/lib/postgresql/{major}/bin/initdb"
        program.parent.mkdir(parents=True)
        program.touch()
    control = tmp_path / "usr/share/postgresql/15/extension/hstore.control"
    control.parent.mkdir(parents=True)
    control.touch()
    assert [installation.major for installation in with_contrib(tmp_path)] == [15]
