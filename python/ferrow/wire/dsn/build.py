"""From the options of a PostgreSQL connection, by name, to its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from ferrow.errors import InterfaceError
from ferrow.wire.dsn.hosts import read_hosts
from ferrow.wire.dsn.values import check_database, check_what_is_fixed, timeout, whole
from ferrow.wire.option import boolean, choice, codecs, seconds
from ferrow.wire.require_auth import require_auth
from ferrow.wire.settings import Keepalive, Password, Secret, Settings
from ferrow.wire.tls import tls_options

_KEEPALIVE = Keepalive()
_KEEPALIVES = ("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count")
TARGETS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")


def build(options: Mapping[str, Any]) -> Settings:
    """Settings for options with libpq's names; an empty one stands for its default. Raises InterfaceError for a wrong value."""
    found = {name: value for name, value in options.items() if not (isinstance(value, str) and not value)}
    check_what_is_fixed(found)
    user = found.get("user") or _os_user()
    return Settings(
        dialect="postgresql",
        user=user,
        password=_password(found.get("password")),
        passfile=found.get("passfile"),
        hosts=read_hosts(found.get("host", ""), found.get("hostaddr", ""), found.get("port", "")),
        target_session_attrs=choice("target_session_attrs", found.get("target_session_attrs", "any"), TARGETS),
        load_balance_hosts=_is("load_balance_hosts", found.get("load_balance_hosts", "disable"), "random", "disable"),
        database=check_database(found["dbname"]) if "dbname" in found else user,
        parameters=_parameters(found),
        command_timeout=seconds("command_timeout", found.get("command_timeout", 0)) or None,
        connect_timeout=timeout("connect_timeout", found.get("connect_timeout", 30.0)),
        keepalive=_keepalive(found),
        requirepeer=found.get("requirepeer"),
        statement_cache_size=whole("statement_cache_size", found.get("statement_cache_size", 256), 0, 100_000),
        prepared_statements=_prepared_statements(found.get("prepared_statements", "auto")),
        tls=tls_options(found),
        require_auth=require_auth(found.get("require_auth")),
        allow_cleartext_password=boolean("allow_cleartext_password", found.get("allow_cleartext_password", False)),
        allow_md5_password=boolean("allow_md5_password", found.get("allow_md5_password", False)),
        scram_max_iterations=whole("scram_max_iterations", found.get("scram_max_iterations", 100_000), 1, 100_000),
        notification_queue_size=whole(
            "notification_queue_size", found.get("notification_queue_size", 10_000), 1, 10_000_000
        ),
        codecs=codecs(found.get("codecs", ())),
    )


def _is(name: str, value: Any, yes: str, no: str) -> bool:
    return choice(name, value, (no, yes)) == yes


def _parameters(found: Mapping[str, Any]) -> dict[str, str]:
    """What the session is told when it starts."""
    application = found.get("application_name") or found.get("fallback_application_name")
    settings = {"application_name": application, "options": found.get("options"), "TimeZone": found.get("timezone")}
    return {name: value for name, value in settings.items() if value}


def _keepalive(found: Mapping[str, Any]) -> Keepalive:
    default = _KEEPALIVE
    if not any(name in found for name in ("tcp_user_timeout", *_KEEPALIVES)):
        return default

    def number(name: str, otherwise: int, high: int) -> int:
        # As in libpq, what is negative is the system's default as well.
        return max(0, whole(name, found.get(name, otherwise), -(2**31), high))

    # Linux refuses more than these.
    return Keepalive(
        on=whole("keepalives", found.get("keepalives", default.on + 0), -(2**31), 2**31 - 1) != 0,
        idle=number("keepalives_idle", default.idle, 32_767),
        interval=number("keepalives_interval", default.interval, 32_767),
        count=number("keepalives_count", default.count, 127),
        user_timeout=number("tcp_user_timeout", default.user_timeout, 2**31 - 1),
    )


def _password(value: Any) -> Password | None:
    if value is None or isinstance(value, Secret):
        return value
    if isinstance(value, str):
        return Secret(value)
    if callable(value):
        function: Any = value
        return cast("Password", function)
    raise InterfaceError(
        f"connection option 'password' is a str, or a function that returns one, not {type(value).__name__}"
    )


def _prepared_statements(value: Any) -> Literal["auto", "named", "unnamed"]:
    word: Any = choice("prepared_statements", value, ("auto", "named", "unnamed"))
    return word  # type: ignore[no-any-return]


def _os_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise InterfaceError("no user in the URL, in PGUSER or in the operating system; name one in the URL") from None
