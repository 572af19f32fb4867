"""How a test run in several processes keeps its tests apart."""

from __future__ import annotations

import fcntl
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import mariadb, postgres
from tests.support.applying import applies
from tests.support.parallel import Quiet, cores, ordered, processes


def item(name: str = "one", *marks: pytest.Mark | pytest.MarkDecorator, **params: str) -> Any:
    """As much of a collected test as is asked for."""
    found = [getattr(mark, "mark", mark) for mark in marks]

    def iter_markers(wanted: str) -> list[Any]:
        return [mark for mark in found if mark.name == wanted]

    def get_closest_marker(wanted: str) -> Any:
        return next(iter(iter_markers(wanted)), None)

    return SimpleNamespace(
        name=name,
        callspec=SimpleNamespace(params=params),
        iter_markers=iter_markers,
        get_closest_marker=get_closest_marker,
    )


def test_what_a_test_is_about() -> None:
    tasks = pytest.mark.only(colour="async")
    servers = pytest.mark.only(backend=("postgresql", "mariadb"))
    assert applies(item(colour="sync"))
    assert applies(item("one", tasks, colour="async", backend="sqlite"))
    assert not applies(item("one", tasks, colour="sync"))
    assert applies(item("one", tasks)), "it has no colour"
    assert applies(item("one", servers, backend="mariadb"))
    assert not applies(item("one", servers, backend="sqlite"))
    assert not applies(item("one", tasks, servers, colour="sync", backend="mariadb"))


def test_what_is_slow_begins_and_what_must_be_alone_ends_the_run() -> None:
    alone, slow = item("alone", pytest.mark.alone), item("slow", pytest.mark.slow)
    found = ordered([alone, item("one"), slow, item("two")])
    assert [one.name for one in found] == ["slow", "one", "two", "alone"]


@pytest.mark.parametrize(("said", "counted"), [("100000 100000", 1), ("50000 100000", 1), ("max 100000", 6), ("", 6)])
def test_a_quota_counts_as_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, counted: int) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(6)), raising=False)
    if said:
        (tmp_path / "cpu.max").write_text(f"{said}\n")
    assert cores(tmp_path) == counted
    (tmp_path / "cpu.max").write_text("200000 100000\n")
    assert cores(tmp_path) == 2


def test_there_is_more_than_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (postgres.VARIABLE, mariadb.VARIABLE):
        monkeypatch.delenv(name, raising=False)
    assert processes() >= 2
    monkeypatch.setenv(mariadb.VARIABLE, "mysql://user@host/db")
    assert processes() == 0


def held(path: Path) -> bool:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_must_be_alone_waits_for_the_others_and_they_for_him(tmp_path: Path) -> None:
    quiet = Quiet(tmp_path)
    here: list[str] = []
    inside = {name: threading.Event() for name in ("first", "second", "alone", "third")}
    go = threading.Event()

    def run(name: str, *marks: pytest.MarkDecorator) -> None:
        with quiet.of(item(name, *marks)):
            here.append(name)
            inside[name].set()
            if name in ("first", "second"):
                go.wait(30)
            here.append(f"{name} ends")

    def start(name: str, *marks: pytest.MarkDecorator) -> threading.Thread:
        thread = threading.Thread(target=run, args=(name, *marks))
        thread.start()
        return thread

    threads = [start("first"), start("second")]
    assert inside["first"].wait(30)
    assert inside["second"].wait(30), "two that need no quiet run together"
    threads.append(start("alone", pytest.mark.alone))
    while not held(tmp_path / "gate.lock"):
        time.sleep(0.001)
    threads.append(start("third"))
    assert here == ["first", "second"] or here == ["second", "first"]
    go.set()
    for thread in threads:
        thread.join(30)
    assert here[4:] == ["alone", "alone ends", "third", "third ends"]
