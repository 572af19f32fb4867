"""SQLite: URLs as the Python ecosystem writes them, SQLite's own `file:` URIs inside them, and the options of both."""

from __future__ import annotations

from threading import TIMEOUT_MAX
from typing import Any

from ferrow.errors import InterfaceError, nearest
from ferrow.wire.option import boolean, choice, codecs, integer, pairs, seconds
from ferrow.wire.settings import Settings

_OPTIONS = (
    "mode",
    "readonly",
    "immutable",
    "uri",
    "cache",
    "vfs",
    "journal_mode",
    "synchronous",
    "cache_size",
    "foreign_keys",
    "allow_extensions",
    "allow_sqlite3",
    "busy_timeout",
    "statement_cache_size",
    "connect_timeout",
    "command_timeout",
    "inline_reads",
    "codecs",
)
_MODES = ("rwc", "rw", "ro", "memory")
_JOURNALS = ("wal", "delete", "truncate", "persist", "memory", "off")
_SYNCHRONOUS = ("off", "normal", "full", "extra")


def parse(rest: str, options: dict[str, Any]) -> Settings:
    """Settings for what stands after `sqlite:`. Raises InterfaceError as `url.parse`."""
    address, _, query = rest.partition("?")
    found: dict[str, Any] = dict(pairs(query))
    found.update({name: value for name, value in options.items() if value is not None})
    for name in found:
        if name not in _OPTIONS:
            raise InterfaceError(f"unknown connection option {name!r}. {nearest(name, _OPTIONS)}")
    path = _path(address)
    path = _file(path, boolean("uri", found.get("uri", False)))
    if "cache" in found and choice("cache", found["cache"], ("private", "shared")) == "shared":
        raise InterfaceError(
            "cache=shared is refused: its connections lock each other's tables without regard to busy_timeout, and SQLite "
            "advises against it. Leave it out: files are shared through the write-ahead log, and an engine shares its "
            "in-memory database between its connections"
        )
    mode, immutable = _mode(found)
    memory = path in ("", ":memory:") or mode == "memory"
    if memory and (immutable or mode == "ro"):
        raise InterfaceError("an in-memory database is empty at first: mode=ro and immutable=1 are for files")
    return Settings(
        dialect="sqlite",
        database=":memory:" if memory else path,
        memory=memory,
        mode="rwc" if memory else mode,
        immutable=immutable,
        vfs=_vfs(found.get("vfs")),
        journal_mode=_journal(found, memory, mode),
        synchronous=_synchronous(found),
        cache_size=integer("cache_size", found["cache_size"], -(2**31), 2**31 - 1) if "cache_size" in found else None,
        foreign_keys=boolean("foreign_keys", found.get("foreign_keys", True)),
        allow_extensions=boolean("allow_extensions", found.get("allow_extensions", False)),
        allow_sqlite3=boolean("allow_sqlite3", found.get("allow_sqlite3", False)),
        busy_timeout=min(seconds("busy_timeout", found.get("busy_timeout", 5.0)), TIMEOUT_MAX),
        command_timeout=seconds("command_timeout", found.get("command_timeout", 0)) or None,
        connect_timeout=seconds("connect_timeout", found.get("connect_timeout", 30.0)),
        inline_reads=boolean("inline_reads", found.get("inline_reads", True)),
        statement_cache_size=integer("statement_cache_size", found.get("statement_cache_size", 128), 0, 100_000),
        codecs=codecs(found.get("codecs", ())),
    )


def _path(address: str) -> str:
    """The path in an address; SQLite's own are UTF-8, without a NUL."""
    from urllib.parse import unquote

    try:
        path = unquote(address, errors="strict")
    except UnicodeDecodeError:
        raise InterfaceError(
            "the percent-encoded bytes of the path are not UTF-8, in which SQLite takes the names of files: rename the file"
        ) from None
    if path.startswith("///"):
        path = path[3:]  # sqlite:///relative.db, sqlite:////absolute.db
    elif path.startswith("//"):
        path = path[2:]
    check_path(path)
    return path


def check_path(path: str) -> None:
    """Raises InterfaceError for what SQLite would take for another file, or for none."""
    if "\0" in path:
        raise InterfaceError(f"the path of a database may not contain a NUL character: {path!r}")
    try:
        path.encode()
    except UnicodeEncodeError:
        raise InterfaceError(f"the path {path!r} holds a lone surrogate, which UTF-8 cannot write") from None


def _file(path: str, uri: bool) -> str:
    """The path in a `file:` URI (https://sqlite.org/uri.html); its options are those of the URL around it."""
    if not path.startswith("file:"):
        if uri:
            raise InterfaceError(f"uri=true is for names that begin with 'file:', not {path!r}; leave it out")
        return path
    if not uri:
        raise InterfaceError(
            f"{path!r} is a SQLite URI if uri=true is added to the URL; write './{path}' for a file of that name"
        )
    path = path[len("file:") :]
    if path.startswith("//"):
        authority, slash, path = path[2:].partition("/")
        if authority not in ("", "localhost"):
            raise InterfaceError(
                f"a file: URI names a file of this machine, not of {authority!r}: file:relative.db, file:/absolute.db"
            )
        path = slash + path
    return path


def _mode(found: dict[str, Any]) -> tuple[str, bool]:
    """How the file is opened, and whether nobody writes to it."""
    immutable = boolean("immutable", found.get("immutable", False))
    readonly = boolean("readonly", found["readonly"]) if "readonly" in found else None
    mode = choice("mode", found["mode"], _MODES) if "mode" in found else None
    if readonly is not None and mode is not None and readonly != (mode == "ro"):
        raise InterfaceError(f"readonly={str(readonly).lower()} contradicts mode={mode}; leave one of them out")
    if mode is None:
        mode = "ro" if readonly or immutable else "rwc"
    if immutable and mode != "ro":
        raise InterfaceError(f"immutable=1 promises that nobody writes to the file, but mode={mode} would; use mode=ro")
    return mode, immutable


def _vfs(name: Any) -> str | None:
    found = str(name) if name else None
    if found is not None and not found.isprintable():  # a NUL, a lone surrogate
        raise InterfaceError(f"vfs={found!r} is no name that SQLite could know a way to access files by")
    return found


def _journal(found: dict[str, Any], memory: bool, mode: str) -> str | None:
    if "journal_mode" not in found:
        return None
    journal = choice("journal_mode", found["journal_mode"], _JOURNALS)
    if memory and journal not in ("memory", "off"):
        raise InterfaceError(f"an in-memory database has no journal file: journal_mode is memory or off, not {journal}")
    if mode == "ro":
        raise InterfaceError(f"journal_mode={journal} would write to the file, but mode=ro does not; leave it out")
    return journal


def _synchronous(found: dict[str, Any]) -> str | None:
    if "synchronous" not in found:
        return None
    given = str(found["synchronous"])
    return choice("synchronous", _SYNCHRONOUS[int(given)] if given in ("0", "1", "2", "3") else given, _SYNCHRONOUS)
