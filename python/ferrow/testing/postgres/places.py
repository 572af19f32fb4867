"""The folders of an embedded server."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ferrow.testing.postgres.account import Account, server_account
from ferrow.testing.postgres.error import EmbeddedPostgresError


@dataclass(frozen=True)
class Layout:
    """What stands in one data directory."""

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "data"

    @property
    def password(self) -> Path:
        """The password of the user `ferrow`, mode 0600."""
        return self.root / "password"

    @property
    def log(self) -> Path:
        """What the server says, over all its runs."""
        return self.root / "server.log"

    @property
    def lock(self) -> Path:
        """Locked as long as a process uses this directory."""
        return self.root / "lock"

    def create(self, account: Account) -> None:
        """Make the root, private to the server's user."""
        if not account.reaches(self.root):
            raise EmbeddedPostgresError(
                f"{self.root} is inside a folder that the user {account.name}, as whom the server runs, may not enter: "
                f"choose another data_dir, such as {data_home(self.root.name)}"
            )
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        account.own(self.root)


def data_home(name: str) -> Path:
    """A folder that stays, under which a server called `name` can keep its data on this machine."""
    account = server_account()
    if account.switch:
        return shared_home(account) / name
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "ferrow" / name


def shared_home(account: Account) -> Path:
    """Our folder in the first place for lasting files that the server's user can reach."""
    for base in (Path("/var/tmp"), Path(tempfile.gettempdir()), Path("/tmp")):
        home = base / f"ferrow-{os.geteuid()}"
        if base.is_dir() and account.reaches(home):
            home.mkdir(mode=0o755, exist_ok=True)
            if home.is_symlink() or home.stat().st_uid != os.geteuid():
                raise EmbeddedPostgresError(f"{home} belongs to somebody else: remove it")
            home.chmod(0o755)
            return home
    raise EmbeddedPostgresError(f"there is no folder for temporary files that the user {account.name} may enter")


def temporary(prefix: str, account: Account) -> Path:
    """A new private folder of the server's user, with a path short enough for a socket."""
    bases = [Path("/tmp"), Path(tempfile.gettempdir())]
    for base in bases:
        if base.is_dir() and account.reaches(base / prefix):
            folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
            account.own(folder)
            return folder
    raise EmbeddedPostgresError(f"the user {account.name} may enter none of {', '.join(map(str, bases))}")
