"""What `make release` finds wrong with the files it has built; building them is its own affair."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest
from release import builds, contents, installs
from release.contents import LICENCES, SOURCES, Incomplete, check_sdist, check_wheel
from release.programs import Failed

INFO = "ferrow-1.0.dist-info"
PACKAGE = sorted(contents._package())
WHEEL = [*PACKAGE, "ferrow/_core.so", f"{INFO}/METADATA", *(f"{INFO}/licenses/{name}" for name in LICENCES)]
RUST = [str(path.relative_to(builds.ROOT)) for path in builds.ROOT.glob("crates/*/src/**/*.rs")]
SDIST = [*(f"python/{name}" for name in PACKAGE), *LICENCES, *SOURCES, *RUST]
GOOD = 'is consistent with\nthe following platform tag: "manylinux_2_{}_x86_64".\n\nIt is constrained to manylinux_2_99'


def wheel(folder: Path, names: Iterable[str]) -> Path:
    path = folder / "ferrow-1.0.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def sdist(folder: Path, names: Iterable[str]) -> Path:
    path = folder / "ferrow-1.0.tar.gz"
    (folder / "empty").touch()
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.add(folder / "empty", f"ferrow-1.0/{name}")
    return path


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What auditwheel says."""
    audited = SimpleNamespace(says=GOOD.format(28))
    monkeypatch.setattr(contents, "run", lambda *_: audited.says)
    return audited


@pytest.mark.usefixtures("audited")
def test_a_wheel_has_all_and_nothing_else(tmp_path: Path) -> None:
    check_wheel(wheel(tmp_path, WHEEL), "manylinux_2_28")
    for missing in (f"{INFO}/licenses/LICENSE", "ferrow/py.typed", "ferrow/_core.pyi", "ferrow/driver/__init__.py"):
        with pytest.raises(Incomplete, match=rf"whl lacks {missing.removeprefix(f'{INFO}/licenses/')}$"):
            check_wheel(wheel(tmp_path, {*WHEEL} - {missing}), "manylinux_2_28")
    with pytest.raises(Incomplete, match="has 0 extension modules"):
        check_wheel(wheel(tmp_path, {*WHEEL} - {"ferrow/_core.so"}), "manylinux_2_28")
    with pytest.raises(Incomplete, match="has 2 extension modules"):
        check_wheel(wheel(tmp_path, [*WHEEL, "ferrow/_core.cpython-312.so"]), "manylinux_2_28")
    with pytest.raises(Incomplete, match="would install tests beside ferrow"):
        check_wheel(wheel(tmp_path, [*WHEEL, "tests/__init__.py"]), "manylinux_2_28")


@pytest.mark.parametrize(
    "says", [GOOD.format(29), GOOD.format(28).replace("manylinux_2_28", "linux")], ids=["a newer one", "this machine"]
)
def test_a_wheel_runs_where_its_name_says(tmp_path: Path, audited: SimpleNamespace, says: str) -> None:
    path = wheel(tmp_path, WHEEL)
    audited.says = GOOD.format(17)
    check_wheel(path, "manylinux_2_28")
    audited.says = says
    with pytest.raises(Incomplete, match="needs a newer glibc than manylinux_2_28"):
        check_wheel(path, "manylinux_2_28")


def test_a_source_distribution_has_what_is_built(tmp_path: Path) -> None:
    check_sdist(sdist(tmp_path, SDIST))
    for missing in (".cargo/config.toml", "THIRD-PARTY-LICENSES.txt", "Cargo.lock", RUST[0]):
        with pytest.raises(Incomplete, match=rf"gz lacks {missing}$"):
            check_sdist(sdist(tmp_path, {*SDIST} - {missing}))
    with pytest.raises(Incomplete, match=r"has python/ferrow/_core\.so, which is no source"):
        check_sdist(sdist(tmp_path, [*SDIST, "python/ferrow/_core.so"]))


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(Failed, match=r"ended with 3:\nno room$"):
        installs.run("sh", "-c", "echo no room >&2; exit 3")
    with pytest.raises(Failed, match="no-such-program is not on the PATH"):
        installs.run("no-such-program")
