"""The Rust core. Bytes become events, rows become Python objects; SQLite lives here whole."""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, Literal, Self, SupportsIndex, TypeVar, final, overload
from weakref import ReferenceType

import typing_extensions

from ferrow.errors import DatabaseError, InterfaceError, ProgrammingError

_T = TypeVar("_T")
_R_co = typing_extensions.TypeVar("_R_co", covariant=True, default=Any)

__version__: str
SQLITE_VERSION: str
codecs: dict[tuple[str | None, str], Any]
"""The codecs of this process, by schema and type; the later one wins."""

def columns(rows: Sequence[Sequence[Any]], /) -> list[list[Any]]:
    """The columns of rows of one length, each a `ferrow.types.Array` of one dimension."""

def drive(coro: Coroutine[Any, Any, _T], /) -> _T:
    """Run `coro` to its end and return its result.

    Raises RuntimeError if it suspends, i.e. if it waits for something other than the blocking world.
    """

def transaction_end(dialect: str, sql: str, several: bool, escaping: bool) -> str | None:
    """The command of a statement that begins or ends a whole transaction of PostgreSQL or SQLite, such as `COMMIT`; on PostgreSQL of the
    first such of `several`, in whose plain strings a backslash may be `escaping`."""

def end_refused(command: str, sql: str) -> ProgrammingError:
    """The error of a statement, of such a command, inside the transaction of a block, which was not run."""

def end_told(sql: str) -> ProgrammingError:
    """The error of a text that has ended such a transaction, which only the database could see."""

def text_fault(text: str, /) -> str | None:
    """What in a text UTF-8 cannot write, in words; None if there is nothing."""

def json_fault(value: Any, /) -> str | None:
    """What in a document cannot be written as JSON, where in it that is, and what to do; None if nothing is found."""

def jsonb_text(text: str, /) -> str:
    """A document's text for a jsonb, of which floats from 1e16 on come back as floats."""

def grouped(rows: list[_T], attribute: str, /) -> dict[Any, list[_T]]:
    """Instances by the value of an attribute; those of one value in their order."""

def copied(value: _T, /) -> _T:
    """A copy that in-place changes of `value` do not reach; documents and lists deeply."""

def same(one: object, other: object, /) -> bool:
    """Whether two values are stored alike. Stricter than `==`, for which 1, 1.0 and True are one value, in documents too."""

def classes(instances: list[Any], /) -> list[type]:
    """The classes of the elements of a list, in the order of their first ones."""

def set_each(instances: list[Any], name: str, values: list[Any], /) -> None:
    """`object.__setattr__` of one attribute of many instances. Raises ValueError, before the first, if there are not as many values."""

@final
class FlatRows(Sequence[tuple[Any, ...]]):
    """Rows of as many values each, which lie one after the other."""

    width: int
    @staticmethod
    def of(rows: list[Sequence[Any]], width: int) -> FlatRows | None:
        """Those of a list, or None if one of them is no list or tuple of so many values."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, place: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[Any, ...]]: ...

@final
class InstanceReader:
    """Reads attributes off instances of one model.

    Args:
        cls: the model; instances of subclasses belong to another one.
        names: of the attributes, in the order of the rows' values.
        encoders: for each of them a function of its value (never None), or None.
    """

    def __new__(cls, model: type, names: Sequence[str], encoders: Sequence[Callable[[Any], Any] | None], /) -> Self: ...
    def row(self, instance: object) -> tuple[Any, ...]:
        """Its row. Raises as `rows`."""

    def rows(self, instances: list[Any]) -> list[tuple[Any, ...]]:
        """Their rows. Raises AttributeError for what was never set, and what an encoder raises."""

    def flat(self, instances: list[Any]) -> FlatRows:
        """The same rows without a tuple each, for who takes them one after the other."""

    def alike(self, instances: list[Any]) -> bool:
        """Whether each attribute is None, or not set, in all of these instances or in none of them."""

@final
class Watch:
    """Compares instances of one model with what their rows hold, and relations with what is remembered of them.

    Args:
        cls: the model; instances of subclasses belong to another one.
        columns: names of the attributes, in the order of the rows' values.
        kept: places among them whose values can change without being assigned. Rows hold copies of those.
        relations: names of the attributes of relations, each with its slot if it has one.
        unset: the class of values that stand for a relation nobody has set.

    Instances and rows come in two dicts with the same keys in the same order.
    """

    def __new__(
        cls, model: type, columns: list[str], kept: list[int], relations: list[tuple[str, Any]], unset: type, /
    ) -> Self: ...
    def adopt(
        self,
        read: list[Any],
        values: list[tuple[Any, ...]] | None,
        key: list[int],
        instances: dict[Any, Any],
        rows: dict[Any, tuple[Any, ...]],
    ) -> int:
        """Follow instances that were just read, until there is one whose key is followed already; how many there were before it.

        Args:
            read: the instances.
            values: what their attributes were set to, in the order of the columns, if it is known.
            key: the places of the key's columns.
        """

    def follow(
        self, keys: list[Any], followed: list[Any], instances: dict[Any, Any], rows: dict[Any, tuple[Any, ...]]
    ) -> None:
        """Put instances into one dict by key, and what their rows hold now into the other."""

    def row(self, instance: object) -> tuple[Any, ...]:
        """What the row of an instance holds now, with copies of what can change."""

    def differing(self, now: tuple[Any, ...], was: tuple[Any, ...]) -> list[int]:
        """The places where two rows differ, of which the first may hold the instance's own values."""

    def changed(
        self, instances: dict[Any, Any], rows: dict[Any, tuple[Any, ...]], places: dict[int, Any] | None
    ) -> bool:
        """Whether any instance differs from its row. If none does, those that nobody can change any more are let go of.

        Those are instances that only the dict itself holds, without anything that could be held by itself and changed, or missed.
        `places` has the keys by the ids of the instances, if they are known.
        """

    def passed(
        self,
        instances: dict[Any, Any],
        rows: dict[Any, tuple[Any, ...]],
        places: dict[int, Any] | None,
        keys: list[Any],
    ) -> None:
        """Let go of those with these keys that are as their rows are, and that nobody can change any more."""

    def changes(
        self, instances: dict[Any, Any], rows: dict[Any, tuple[Any, ...]]
    ) -> dict[tuple[int, ...], dict[Any, tuple[Any, ...]]]:
        """By the places where they differ, what the instances that do hold (the values themselves), by key."""

    def changed_relations(
        self, instances: dict[Any, Any], remembered: dict[tuple[int, str], tuple[Any, Any]]
    ) -> list[tuple[Any, str]]:
        """Instances and names of relations that may hold something else than is remembered.

        That is by id of the instance and name the instance itself and the value, a tuple for a collection.
        """

    def any_has_related(self, instances: list[Any]) -> bool:
        """Whether any instance says something through a relation. An empty list and None, which are defaults, do not count."""

@final
class Kinds:
    """Value kinds of a statement's parameters or of a result's columns, parsed once.

    Names: bool, int, float, text, bytes, date, time, timestamp, timestamptz, interval, uuid, decimal, json, oid, any (or None:
    decide by the value), and `list:<kind>` for a list sent as one parameter. Raises ValueError for any other name.
    """

    def __init__(self, names: Sequence[str | None]) -> None: ...
    def __len__(self) -> int: ...
    @property
    def names(self) -> tuple[str, ...]:
        """The names, `any` for None."""

@final
class Shape(Generic[_R_co]):
    """What the rows of a result become; a plan built once and used for many results.

    `kinds` say what the columns hold, on SQLite only: PostgreSQL describes its results itself. `plain` columns (by position, counted
    from 0; True: all) are read as if there were no codecs, on PostgreSQL.
    """

    @property
    def kinds(self) -> Kinds | None:
        """What the columns hold, if it was said."""
    @staticmethod
    def tuples(kinds: Kinds | None = None, plain: Sequence[int] | bool | None = None) -> Shape[tuple[Any, ...]]:
        """Rows as tuples."""
    @staticmethod
    def rows(kinds: Kinds | None = None, plain: Sequence[int] | bool | None = None) -> Shape[Row]:
        """Rows as `Row`s."""
    @staticmethod
    def dicts(kinds: Kinds | None = None) -> Shape[dict[str, Any]]:
        """Rows as dicts; of columns with the same name the last wins."""
    @staticmethod
    def column(index: int = 0, kinds: Kinds | None = None, plain: Sequence[int] | bool | None = None) -> Shape[Any]:
        """The value of one column instead of each row; `index` counts from 0."""
    @staticmethod
    def instances(
        cls: type[_T],
        names: Sequence[str],
        *,
        build: Literal["dict", "slots", "pydantic", "call"],
        kinds: Kinds | None = None,
        convert: Sequence[Callable[[Any], Any] | None] | None = None,
        factory: Callable[..., Any] | None = None,
        plain: Sequence[int] | None = None,
    ) -> Shape[_T]:
        """Rows as instances of `cls`; `names` are its attributes, one per column.

        Args:
            build: "call" calls `factory` (default: `cls`) with keywords; "dict", "slots" and "pydantic" put the values
                straight into an object, without its constructor.
            convert: per column a function of its value (never None), or None.

        A result with another number of columns than names is an InterfaceError.
        """
    @staticmethod
    def row(
        parts: Sequence[Shape | tuple[Shape, Sequence[int]] | Callable[[Any], Any] | None],
        *,
        kinds: Kinds | None = None,
        plain: Sequence[int] = (),
    ) -> Shape[tuple[Any, ...]]:
        """Rows as tuples with one element per part.

        Args:
            parts: None for a column as it is; a function of a column's value (never None); a `Shape.instances`, over as many
                columns as it has names; or a pair of that and the positions of its key, counted from its own first column.
                Such an instance is None where its key (all of its columns, if none is named) is NULL.
            kinds: of all columns, one after the other.
            plain: besides those that are plain in the instances.

        A result with another number of columns is an InterfaceError.
        """

    def with_values(self) -> Self | None:
        """The same, where results have the `values` of their instances as well.

        None if they cannot be told: what rows become is something else, or is made or changed by the model's own code.
        """

@final
class Result(Generic[_R_co]):
    """What one statement gave back."""

    @staticmethod
    def shaped(
        rows: Iterable[Sequence[Any]],
        shape: Shape[_T],
        columns: Sequence[str],
        *,
        rowcount: int = -1,
        status: str = "",
        type_codes: tuple[int, ...] | None = None,
        last_rowid: int | None = None,
        readers: Sequence[Callable[[Any], Any] | None] | None = None,
    ) -> Result[_T]:
        """A result whose rows were read in Python: a tuple or list of values each, shaped as those of the core's own wires are.

        `readers`: for each column what makes a value of another driver's, unless that is None or a moment in UTC.

        Raises InterfaceError as the shape does.
        """
    @property
    def rows(self) -> list[_R_co]:
        """The rows, in the shape that was asked for."""
    @property
    def values(self) -> list[tuple[Any, ...]] | None:
        """What the instances in `rows` were given, a tuple each, if the shape was one `with_values`."""
    @property
    def rowcount(self) -> int:
        """Rows affected, or returned by a query; -1 if the database does not count them."""
    @property
    def status(self) -> str:
        """What the server called it, e.g. `INSERT 0 1`."""
    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order; empty for a statement that returns no rows."""
    @property
    def returns_rows(self) -> bool:
        """Whether the statement has a result: PostgreSQL has such without columns, e.g. of `SELECT FROM t`."""
    @property
    def type_codes(self) -> tuple[int, ...]:
        """Object ids of the columns' types in PostgreSQL; on SQLite those of the declared types, 0 where there is none."""
    @property
    def type_modifiers(self) -> tuple[int, ...]:
        """PostgreSQL: what the columns' types were declared with, as the server encodes it; -1 for nothing. SQLite: empty."""
    @property
    def last_rowid(self) -> int | None:
        """SQLite: the row id that the last row of an INSERT got; None for all else."""

@final
class Row(Sequence[Any]):
    """One row: values by position, by slice and by column name. Iterates over values.

    A name is looked up exactly, then without regard to case; of columns with the same name the last wins.
    Rows compare and hash like the tuple of their values, and can be pickled.
    """

    @overload
    def __getitem__(self, key: SupportsIndex | str, /) -> Any: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Any, ...]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def index(self, value: Any, start: SupportsIndex = 0, stop: SupportsIndex = ..., /) -> int:
        """The position of the first value that equals `value`. Raises ValueError if there is none."""
    def count(self, value: Any, /) -> int:
        """How many values equal `value`."""
    def get(self, key: int | str, default: Any = None) -> Any:
        """The value of a column by name or position, or `default` if there is no such column."""
    def keys(self) -> list[str]:
        """The names of the columns, in order."""
    def values(self) -> list[Any]:
        """The values, in order."""
    def items(self) -> list[tuple[str, Any]]:
        """Pairs of name and value, in order."""
    def to_dict(self) -> dict[str, Any]:
        """The values by name."""

class PgSession:
    """One PostgreSQL session: the protocol, the statement cache and the codecs, without a socket.

    It has the methods of an `asyncio.BufferedProtocol`; a blocking wire gives it a descriptor instead (`attach`) and calls
    the `_blocking` methods. Timeouts are seconds from now, None for no limit.
    """

    def __new__(
        cls,
        *,
        user: str,
        database: str,
        password: str | None,
        parameters: Sequence[tuple[str, str]],
        allow_cleartext: bool,
        allow_md5: bool,
        scram_max_iterations: int,
        statement_cache_size: int,
        statement_prefix: str,
        prepared_statements: Literal["auto", "named", "unnamed"],
        pooler: PgPooler,
        codecs: Sequence[Any] = (),
        channel_binding: str = "prefer",
        require_auth: Sequence[str] | None = None,
    ) -> Self: ...
    # asyncio.BufferedProtocol
    def connection_made(self, transport: Any) -> None: ...
    def get_buffer(self, sizehint: int) -> memoryview: ...
    def buffer_updated(self, nbytes: int) -> None: ...
    def eof_received(self) -> bool: ...
    def connection_lost(self, exc: BaseException | None) -> None: ...
    # requests of the asyncio wire; the future gets the result
    def start(
        self, future: Any, call_soon: Callable[..., Any], create_future: Callable[[], Any] | None = None
    ) -> None: ...
    def ask(self, sql: str, params: Any, shape: Shape) -> Any: ...
    def submit(self, sql: str, params: Any, shape: Shape, future: Any) -> None: ...
    def submit_many(self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, future: Any) -> None: ...
    def submit_script(self, sql: str, future: Any) -> None: ...
    def submit_batch(self, statements: tuple[str, ...], future: Any) -> None: ...
    def submit_prepare(self, sql: str, future: Any) -> None: ...
    def submit_forget(self, future: Any) -> None: ...
    def flush(self) -> None: ...
    # requests of the blocking wire
    def attach(self, fd: int, tls: tuple[Any, Any, Any] | None = None) -> None: ...
    def connect_blocking(self, timeout: float | None) -> None: ...
    def run_blocking(self, sql: str, params: Any, shape: Shape, timeout: float | None = None) -> Result: ...
    def run_many_blocking(
        self, sql: str, rows: Iterable[Sequence[Any]], shape: Shape, timeout: float | None = None
    ) -> Result: ...
    def script_blocking(self, sql: str, timeout: float | None = None) -> None: ...
    def batch_blocking(self, statements: tuple[str, ...], timeout: float | None = None) -> Result: ...
    def prepare_blocking(self, sql: str, timeout: float | None = None) -> None: ...
    def forget_blocking(self, timeout: float | None = None) -> None: ...
    def drain_blocking(self, timeout: float | None = None) -> None: ...
    def listen(self) -> None: ...
    # both
    def secured(self, certificate: bytes, verified: bool) -> None: ...
    def abandon(self, reason: str) -> None: ...
    def terminate(self) -> bytes: ...
    def cancel_message(self) -> bytes: ...
    def set_codec(self, codec: Any) -> None: ...
    def types(self) -> PgTypes: ...
    def begin(self, sql: str, whole: bool = False, guarded: bool = False) -> None:
        """Begin a transaction: the statement goes out in front of the next one. `whole`: a statement refused here undoes it.
        `guarded`: no statement may end it but COMMIT and ROLLBACK, each a script."""
    # of pipelines, in either wire
    def queue(self, pipeline: PgPipeline, sql: str, params: Any, shape: Shape) -> PgPending: ...
    def queue_many(self, pipeline: PgPipeline, sql: str, rows: Iterable[Sequence[Any]], shape: Shape) -> PgPending: ...
    def queue_script(self, pipeline: PgPipeline, sql: str) -> PgPending: ...
    def wait_pending(
        self, pipeline: PgPipeline, pending: PgPending | None = None, timeout: float | None = None
    ) -> None:
        """Move bytes until this statement of the pipeline is answered, or all of them: the blocking wire's.

        Raises QueryTimeout after so many seconds, and changes nothing then.
        """
    def hold(self) -> bool:
        """Keep what pipelines queue from here on until `release`: a cancel request on its way must not hit it. False: it was."""
    def release(self) -> None: ...
    def drop_held(self) -> None:
        """Give up what is kept. What comes from here on is kept as before."""
    def parameter(self, name: str) -> str | None: ...
    def parameters(self) -> dict[str, str]: ...
    @property
    def unnamed(self) -> bool:
        """Whether statements come along with every execution, instead of being prepared on the server under names."""
    def parameter_types(self, sql: str) -> list[int] | None:
        """Object ids of the types of a statement's parameters, None if it is not kept prepared."""
    @property
    def cached_statements(self) -> int: ...
    @property
    def requests(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def in_flight(self) -> int: ...
    @property
    def clean(self) -> bool: ...
    @property
    def wanted(self) -> bool: ...
    @property
    def orphaned(self) -> bool: ...
    @property
    def idle_for(self) -> float | None: ...
    @property
    def refusals(self) -> int | None: ...
    def watch(self, future: Any, outside: bool = False) -> None: ...
    @property
    def wanted_outside(self) -> bool:
        """Whether anybody waits for what was asked before a BEGIN that is not answered."""

    @property
    def queued(self) -> int:
        """Those of `in_flight` that belong to pipelines, or to nobody."""
    @property
    def ended(self) -> str | None: ...
    def refusal(self) -> InterfaceError | None:
        """Why nothing can be asked any more; None also for a loss of which nobody has been told: a request will be."""
    def heard(self) -> DatabaseError | None:
        """The error for who has waited for news until the session was over, for the first with all that is known; None: it is not."""
    @property
    def backend_pid(self) -> int | None: ...
    on_hashing: Callable[[PgHashing], Any] | None
    on_notice: Callable[[dict[str, str]], Any] | None
    on_notification: Callable[[int, str, str], Any] | None

@final
class PgHashing:
    """A password to be hashed, where that would hold up an event loop."""

    def run(self) -> None:
        """Do the work, in any thread."""
    def finish(self) -> None:
        """Let the login go on."""

@final
class PgPipeline:
    """What the statements of one pipeline have in common."""

    def __init__(self) -> None: ...
    @property
    def outstanding(self) -> int:
        """Statements that are not answered."""
    def failure(self) -> PgPending | None:
        """The first that failed and was not taken."""
    def wake(self, future: Any) -> None:
        """The future is done once nothing is outstanding."""
    def abandon(self) -> None:
        """Nobody wants what was not sent."""

@final
class PgPending:
    """The outcome of one statement of a pipeline."""

    def done(self) -> bool: ...
    def take(self) -> Result:
        """The result, once it is there; raises the error of the statement."""
    def outcome(self) -> tuple[Result | None, BaseException | None]:
        """Both, for who only looks on."""
    def wake(self, future: Any) -> None:
        """The future is done once the answer is there."""

@final
class PgCursor:
    """A portal of one session. Each method takes the future that gets its result; without one it waits and returns it."""

    def __init__(self, session: PgSession) -> None: ...
    @overload
    def open(
        self, sql: str, params: Any, shape: Shape, future: None = None, timeout: float | None = None
    ) -> Result: ...
    @overload
    def open(self, sql: str, params: Any, shape: Shape, future: Any) -> Result | None:
        """Bind the statement; its result has the columns and no rows."""
    @overload
    def fetch(self, limit: int, future: None = None, timeout: float | None = None) -> Result: ...
    @overload
    def fetch(self, limit: int, future: Any) -> Result | None:
        """The next rows, at most `limit`; their status is "PortalSuspended" as long as there may be more."""
    @overload
    def close(self, future: None = None, timeout: float | None = None) -> Result: ...
    @overload
    def close(self, future: Any) -> Result | None:
        """Give the portal up; nothing happens when it is gone already."""

@final
class PgCopy:
    """The COPY of one session. Where a method takes a future, that gets its result; without one it waits and returns it."""

    def __init__(self, session: PgSession) -> None: ...
    @overload
    def describe(self, sql: str, shape: Shape, future: None = None, timeout: float | None = None) -> Result: ...
    @overload
    def describe(self, sql: str, shape: Shape, future: Any) -> Result | None:
        """Prepare a statement and do not run it: the result has its columns and no rows."""
    @overload
    def begin(
        self, sql: str, out: bool, future: None = None, timeout: float | None = None, described: str | None = None
    ) -> Result: ...
    @overload
    def begin(self, sql: str, out: bool, future: Any, *, described: str | None = None) -> Result | None:
        """Ask for a COPY FROM STDIN, or TO STDOUT when `out`; done when the server is ready for the data. The result has the
        columns of the query `described`, which is not run."""
    def write(self, data: bytes) -> bool:
        """Hand data to the transport; False when the server takes none any more: `finish` says why."""
    def write_blocking(self, data: bytes, timeout: float | None = None) -> bool:
        """The same over a descriptor: wait until they are sent, and take in what the server says meanwhile."""
    def write_rows(self, encoder: CopyEncoder) -> bool:
        """As `write`, for what the encoder has."""
    def write_rows_blocking(self, encoder: CopyEncoder, timeout: float | None = None) -> bool:
        """As `write_blocking`, for what the encoder has."""
    @overload
    def finish(
        self,
        reason: str | None,
        future: None = None,
        timeout: float | None = None,
        rows: CopyEncoder | None = None,
    ) -> Result: ...
    @overload
    def finish(self, reason: str | None, future: Any, *, rows: CopyEncoder | None = None) -> Result | None:
        """Say that the data are complete, or give them up for a reason; the result has the number of rows. What the encoder
        `rows` has goes first."""
    def give_up(self, reason: str) -> None:
        """Give the data up without waiting for what the server says to that."""
    def take(self) -> bytes | Result | None:
        """The bytes that have come; None if there are none yet; at the end the result, with the number of rows."""
    def take_blocking(self, timeout: float | None = None) -> bytes | Result:
        """The same, but wait for them."""
    def wait(self, future: Any) -> None:
        """Have the future done as soon as there is something to take."""
    def drop(self) -> None:
        """Say that nobody wants what still comes."""

@final
class PgPooler:
    """Whether one of the connections that share this note was found to go through a pooler."""

    def __new__(cls) -> Self: ...
    @property
    def seen(self) -> bool: ...

@final
class PgLock:
    """Who has a blocking connection: one thread at a time, which may take it again.

    Args:
        session: of the connection.
        wire: whose `_failed(error, arguments)` is told of what `run_now` raises, while it has the lock; and whose
            `_run_slowly(sql, params, shape)` runs what is not as usual.
        result: what is `inside` while `run_now` works.
        limited: statements have a deadline, so that none is as usual.
    """

    inside: str | None
    """What the connection is in the middle of, in the words of the error for who wants to use it then."""
    closing: bool
    """Whether the connection is being closed, or was: the thread that has it finds it ended, and not lost."""
    cancellation: Any
    """Ends what a caller left running; None: nothing is. Set by whoever has the lock."""

    def __new__(cls, session: PgSession, wire: ReferenceType[Any], result: str, limited: bool) -> Self: ...
    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it; False: another thread has it, still after `timeout` seconds (-1: no limit).

        Raises InterfaceError instead of waiting where it is `owned_by_parent`.
        """

    def release(self) -> None:
        """Give it back, and run what was deferred. Raises RuntimeError if this thread does not have it."""

    def __enter__(self) -> bool: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None: ...
    @property
    def owned(self) -> bool:
        """Whether this thread has it."""

    @property
    def owned_by_parent(self) -> bool:
        """Whether this is a forked child, and a thread of the parent has it, which is not here to give it back."""

    def defer(self, work: Callable[[], object]) -> bool:
        """Do `work` now if nobody has it, else when it is given back; whether it is done."""

    def run_now(self, sql: str, params: Any, shape: Shape, kinds: Kinds | None = None) -> Result:
        """One statement, as `Wire.run_now`."""

    def rows_now(self, sql: str, params: Any, shape: Shape) -> list[Any]:
        """One statement, as `Wire.rows_now`."""

@final
class PgTypes:
    """What a session knew of types at one moment."""

    def knows(self, oids: Sequence[int]) -> bool:
        """Whether all types of these oids are known."""
    def as_text(self, oids: Sequence[int]) -> list[bool]:
        """Of each type, whether a column of it is to be asked for as text: it has no binary form, or its codec reads text."""
    def written_own(self) -> list[str]:
        """The names of types that codecs write, without those that every server has."""

@final
class CopyEncoder:
    """Encodes rows for a COPY FROM STDIN: tuples, lists, dicts and objects with attributes."""

    def __init__(
        self,
        names: Sequence[str],
        oids: Sequence[int],
        types: PgTypes | None = None,
        called: Callable[[type, Sequence[str]], Sequence[str]] | None = None,
        domains: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """For columns of these names and types; without `types`, those that every server has. `called` says which attributes
        of a class have the columns. `domains` are columns that are of a domain, with its schema and name; of a domain over
        another one the inner one comes first.
        """
    @property
    def format(self) -> Literal["binary", "text"]:
        """COPY's name for what it writes: "text" where a type has no binary form."""
    def fill(self, rows: Iterator[Any] | list[Any], limit: int) -> bool:
        """Encode rows until there are `limit` bytes to take; False when there are no more rows.

        Of a list those that come after as many as have been encoded.

        Raises DataError, which names row and column, for a value that does not fit.
        """
    def add(self, row: Any) -> int:
        """Encode one row; the number of bytes there are to take. Raises as `fill`."""
    def take(self) -> bytes:
        """The bytes so far. A COPY takes them from the encoder itself."""
    def end(self) -> None:
        """Append the end of the data."""
    @property
    def size(self) -> int:
        """The number of bytes there are to take."""
    @property
    def rows(self) -> int:
        """Rows encoded so far."""

@final
class CopyDecoder:
    """Decodes what a COPY TO STDOUT (FORMAT binary) gives, of columns that `PgTypes.as_text` names their text; the bytes may be cut anywhere."""

    def __init__(self, names: Sequence[str], oids: Sequence[int], shape: Shape, types: PgTypes | None = None) -> None:
        """For columns of these names and types; without `types`, those that every server has."""
    def feed(self, data: bytes) -> list[Any]:
        """The rows that end in `data`. Raises DataError for what is none."""
    def finish(self) -> None:
        """Say that no more bytes come. Raises DataError if that is too early."""

@final
class SqliteInterrupt:
    """Interrupts what a connection is doing, from any thread."""

    def interrupt(self) -> None: ...
    def clear(self) -> None: ...
    def close(self) -> None: ...

@final
class SqliteCursor:
    """A result of a `SqliteConnection` that is read piece by piece.

    Other statements of the connection do not disturb it. It ends with its connection and when a transaction is rolled back.
    """

    def fetch(self, n: int, timeout: float | None = None) -> tuple[list[Any], bool]:
        """The next rows, at most `n`, and whether they are the last. After an error it is closed.

        Raises OperationalError after a rollback, InterfaceError when closed.
        """
    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order; empty for a statement that returns no rows."""
    @property
    def returns_rows(self) -> bool:
        """Whether the statement has a result: PostgreSQL has such without columns, e.g. of `SELECT FROM t`."""
    @property
    def type_codes(self) -> tuple[int, ...]:
        """As those of `Result`."""
    def close(self) -> None:
        """End the statement. Never raises and never waits."""

@final
class SqliteBlob:
    """One value of one row, read and written by position. It ends with its connection, and when its row is changed."""

    @property
    def size(self) -> int:
        """Bytes it has."""
    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes from `offset` on, fewer at the end."""
    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write over the bytes from `offset` on. Raises ProgrammingError if they do not fit."""
    def close(self) -> None:
        """Close it, and commit what was written if there is no transaction around it."""

@final
class SqliteBackup:
    """A copy of one database into another that is being made. Its target cannot be used meanwhile."""

    def start(self) -> None:
        """Begin. Raises ProgrammingError if one of them is in a transaction, or both are the same."""
    def step(self, pages: int) -> tuple[int, int, bool]:
        """Copy `pages` pages, all if negative: how many are left, how many there are, and whether it is done."""
    def close(self) -> None:
        """End it. The target is as it was, unless the copy was complete. Never waits."""

@final
class SqliteTools:
    """What a connection can do besides running statements."""

    def __init__(self, connection: SqliteConnection) -> None: ...
    def register(
        self,
        kind: Literal["function", "aggregate", "window"],
        name: str,
        callable: Callable[..., Any] | None,
        arguments: int,
        deterministic: bool,
        directonly: bool,
    ) -> None: ...
    def collate(self, name: str, callable: Callable[[str, str], int] | None) -> None: ...
    def backup(self, target: SqliteConnection, stays: bool) -> SqliteBackup:
        """A copy of this database into another one. `stays`: the target is used afterwards."""
    def is_at(self, path: str) -> bool: ...
    def serialize(self) -> bytes: ...
    def deserialize(self, bytes: bytes) -> None: ...
    def open_blob(self, schema: str, table: str, column: str, rowid: int, readonly: bool) -> SqliteBlob: ...
    def encoded(self, declared: str, value: Any) -> int | float | str | bytes | None: ...
    def load_extension(self, path: str, entry: str | None = None) -> None: ...
    def last_insert_rowid(self) -> int: ...
    def total_changes(self) -> int: ...
    def limit(self, number: int, value: int) -> int: ...
    def interrupt(self) -> None: ...

@final
class SqliteConnection:
    """One SQLite connection over the bundled library: WAL, foreign keys on, busy timeout."""

    def __init__(
        self,
        path: str,
        *,
        uri: bool = False,
        readonly: bool = False,
        create: bool = True,
        immutable: bool = False,
        vfs: str | None = None,
        journal_mode: str | None = None,
        synchronous: str | None = None,
        cache_size: int | None = None,
        foreign_keys: bool = True,
        allow_extensions: bool = False,
        busy_timeout: float = 5.0,
        statement_cache_size: int = 128,
        inline_reads: bool = False,
        codecs: Sequence[Any] = (),
    ) -> None: ...
    def run(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None,
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result: ...
    def attempt(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None,
        shape: Shape,
        kinds: Kinds | None = None,
    ) -> Result | None:
        """Run a read if it is short; None when nothing has happened and `run` is to be called in a thread.

        Needs `inline_reads=True`: then `run` takes the pace of statements. Waits for no lock, no disk and no write, and keeps the GIL.
        """
    def run_many(
        self,
        sql: str,
        rows: Iterable[Sequence[Any]],
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> Result: ...
    def open_cursor(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None,
        shape: Shape,
        kinds: Kinds | None = None,
        timeout: float | None = None,
    ) -> SqliteCursor:
        """Run a statement whose rows are fetched piece by piece. One that writes runs whole, and its rows are kept."""
    def script(self, sql: str, timeout: float | None = None) -> None: ...
    def begin(self, sql: str, guarded: bool = False, timeout: float | None = None) -> None:
        """Begin a transaction; `guarded`: no statement may end it but COMMIT and ROLLBACK, each a script."""
    def batch(self, statements: tuple[str, ...], timeout: float | None = None) -> list[int]: ...
    def prepare(self, sql: str, timeout: float | None = None) -> None: ...
    def set_codec(self, codec: Any) -> None: ...
    def clear_cache(self) -> None: ...
    @property
    def cached_statements(self) -> int: ...
    @property
    def requests(self) -> int: ...
    def interrupt_handle(self) -> SqliteInterrupt: ...
    @property
    def in_transaction(self) -> bool: ...
    @property
    def status(self) -> Literal["idle", "transaction", "failed"]: ...
    @property
    def closed(self) -> bool: ...
    def close(self) -> None:
        """Close at once: what runs is interrupted, and its thread closes the file when it has ended."""
    @property
    def holds_file(self) -> bool:
        """Whether the database is open, as it may be for a while after `close`."""
    def finish(self, seconds: float) -> None:
        """Close, and wait so many seconds at most for the thread whose statement is interrupted, which closes the file itself if it takes longer."""

def sqlite_values(params: Any, kinds: Kinds | None = None, row: int | None = None) -> Any:
    """Parameters as another driver of SQLite is to bind them: None, int, float, str and bytes only; by the rules of `SqliteConnection`.

    A mapping gives a dict, anything else a tuple. Raises DataError for a value that cannot be stored.
    """

def sqlite_rows(
    rows: FlatRows, start: int, stop: int, kinds: Kinds | None = None
) -> tuple[int | float | str | bytes | None, ...]:
    """The values of the rows from `start` to before `stop`, by the rules of `sqlite_values`. `kinds` are those of one row."""

def sqlite_numbered(first: int, count: int, shape: Shape, column: str) -> Result:
    """A result of `count` rows of one column, whose values count up from `first`."""

def sqlite_read(
    cursor: Any,
    sql: str,
    params: Any,
    shape: Shape,
    kinds: Kinds | None = None,
    columns: tuple[str, ...] | None = None,
) -> Result:
    """Run a query by a cursor of sqlite3; all its rows as `sqlite_result` makes them. `columns`: their names, if they are known.

    `params` is None where there are none. Raises as `sqlite_values`, `sqlite_result` and the cursor.
    """

def sqlite_result(
    rows: list[tuple[Any, ...]],
    shape: Shape,
    columns: Sequence[str],
    *,
    rowcount: int = -1,
    status: str = "",
    last_rowid: int | None = None,
) -> Result:
    """A result of rows that another driver of SQLite has read; what the stored values mean, the kinds of `shape` say.

    Raises DataError for a value that is not what its column says, and InterfaceError as the shape does.
    """
