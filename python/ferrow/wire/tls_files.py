"""The files that TLS reads: which they are, whether they may be read, and whether they have changed."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ferrow.errors import InterfaceError

if TYPE_CHECKING:
    from ferrow.wire.tls import TlsOptions

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Files:
    """Paths; None for what there is not. `root` is "system" for the system's authorities."""

    root: str | None
    cert: str | None
    key: str | None
    crl: str | None
    crldir: str | None

    def stamps(self) -> tuple[object, ...]:
        """Differs once one of them has changed."""
        return tuple(_stamp(path) for path in (self.root, self.cert, self.key, self.crl, self.crldir))


def files(options: TlsOptions) -> Files:
    """Those that are named, and else those of libpq in ~/.postgresql that exist.

    Raises InterfaceError if one that was named does not exist, and for a key that others could read.
    """
    home = os.path.join(os.path.expanduser("~"), ".postgresql")
    root = options.sslrootcert if options.sslrootcert == SYSTEM else _file(options, "sslrootcert", home, "root.crt")
    cert = _file(options, "sslcert", home, "postgresql.crt")
    key = _file(options, "sslkey", home, "postgresql.key") if cert else None
    if cert and key is None:
        raise InterfaceError(f"there is no private key for the client certificate {cert}: name it with sslkey")
    if key:
        check_key(key)
    crl = _file(options, "sslcrl", home, "root.crl")
    crldir = _file(options, "sslcrldir", home, "")
    return Files(root, cert, key, crl, crldir)


def _file(options: TlsOptions, name: str, home: str, default: str) -> str | None:
    given: str | None = getattr(options, name)
    if given is not None:
        path = os.path.expanduser(given)
        if not os.path.exists(path):
            raise InterfaceError(f"{name}: there is no file {path}")
        return path
    if not default:
        return None
    path = os.path.join(home, default)
    return path if os.path.exists(path) else None


def check_key(path: str) -> None:
    """As libpq: nobody else reads it; where root owns it, a group may."""
    found = os.stat(path)
    others = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO if found.st_uid == 0 else stat.S_IRWXG | stat.S_IRWXO
    if not stat.S_ISREG(found.st_mode):
        raise InterfaceError(f"sslkey: {path} is not a regular file")
    # There files have lists of who may, which Python does not read, and every mode is 0666.
    if sys.platform != "win32" and found.st_mode & others:
        raise InterfaceError(
            f"sslkey: the private key {path} can be used by others (mode {stat.S_IMODE(found.st_mode):04o}); "
            f"chmod 0600 it (0640 if root owns it)"
        )


def _stamp(path: str | None) -> object:
    if path is None or path == SYSTEM:
        return path
    try:
        found = os.stat(path)
    except OSError:
        return None
    return path, found.st_mtime_ns, found.st_size, found.st_ino
