"""python -m release [--dist FOLDER] [--platform TAG] PYTHON...

The steps of `make release`; ends with the first that fails.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from release.builds import build
from release.contents import Incomplete, check_sdist, check_wheel
from release.installs import Broken, install
from release.programs import Failed, run

PLATFORM = "manylinux_2_28"
"""Debian 10, Ubuntu 20.04, RHEL 8 and newer."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="release", description="Build what is released, and try it.")
    parser.add_argument("python", nargs="+", help="an interpreter; each gets a wheel")
    parser.add_argument("--dist", type=Path, default=Path("dist"))
    parser.add_argument(
        "--platform", default=PLATFORM, help="the oldest glibc, by maturin's name (default %(default)s)"
    )
    options = parser.parse_args()
    dist: Path = options.dist.absolute()
    try:
        shutil.rmtree(dist, ignore_errors=True)  # what was there is of another version
        sdist, wheels = build(dist, options.platform, options.python)
        run("twine", "check", "--strict", str(sdist), *map(str, wheels.values()))
        check_sdist(sdist)
        for python, wheel in wheels.items():
            check_wheel(wheel, options.platform)
            install(python, wheel)
        install(options.python[0], sdist)
    except (Failed, Incomplete, Broken) as error:
        print(error, file=sys.stderr)
        return 1
    for file in (sdist, *wheels.values()):
        print(f"{file}  {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
