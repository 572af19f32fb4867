"""The C programs of this folder, compiled where there is a compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory


def library(name: str, *links: str) -> ctypes.CDLL:
    """Compile `name`.c and load it. Raises ImportError, which skips the case, where that is not possible."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise ImportError("there is no C compiler called cc")
    source = Path(__file__).with_name(f"{name}.c")
    with TemporaryDirectory(prefix="ferrow-floor-") as folder:
        target = Path(folder) / f"{name}.so"
        done = subprocess.run(
            [compiler, "-O2", "-shared", "-fPIC", "-o", target, source, *[f"-l{link}" for link in links]],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ImportError(f"{source.name} does not compile here: {done.stderr.strip().splitlines()[0]}")
        return ctypes.CDLL(str(target))
