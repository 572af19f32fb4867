"""What checkers know about notifications, notices and traces."""

from typing import assert_type

from ferrow import create_engine
from ferrow.driver import (
    AsyncListener,
    Gap,
    Listener,
    Notice,
    Notification,
    Trace,
    connect,
    connect_async,
    log_statement,
)


def noticed(notice: Notice) -> None:
    assert_type(notice.detail, str | None)


def traced(trace: Trace) -> None:
    assert_type(trace.rowcount, int)


def in_sync_code() -> None:
    with connect("postgresql:///app", trace=traced) as conn:
        conn.on_notice(noticed)
        conn.trace(log_statement, values=False)
        for notification in conn.notifications(timeout=1):
            assert_type(notification, Notification)
    with Listener("postgresql:///app", "jobs", heartbeat=1) as listener:
        for event in listener:
            assert_type(event, Notification | Gap)
    create_engine("sqlite::memory:", trace=traced)


async def in_async_code() -> None:
    conn = await connect_async("postgresql:///app")
    async for notification in conn.notifications():
        assert_type(notification.payload, str)
    async with AsyncListener("postgresql:///app", "jobs") as listener:
        async for event in listener:
            match event:
                case Gap():
                    assert_type(event.error, Exception)
                case Notification():
                    assert_type(event.pid, int)
