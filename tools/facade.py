"""Write the sync classes of every room from its async ones.

    python tools/facade.py            write python/ferrow/<room>/_sync.py
    python tools/facade.py --check    fail, with a diff, when one of them is not what would be written

How a member is translated stands in facadegen/methods.py, how a type is in facadegen/annotations.py.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from facadegen import FacadeError, Room, generate

PACKAGE = Path(__file__).resolve().parent.parent / "python"

# Every room that has sync classes: where each AsyncX lives and what its twin is called. A class whose sync twin has members
# of its own names the module and the class that holds them under `mixins`.
MANIFEST = [
    Room(
        "ferrow.driver",
        {
            "ferrow.driver.pieces": {"AsyncPieces": "Pieces"},
            "ferrow.driver.stream": {"AsyncStream": "Stream"},
            "ferrow.driver.copy_out": {"AsyncCopyOut": "CopyOut"},
            "ferrow.driver.pending": {"AsyncPending": "Pending"},
            "ferrow.driver.pipeline": {"AsyncPipeline": "Pipeline"},
            "ferrow.driver.pipeline_transaction": {"AsyncPipelineTransaction": "PipelineTransaction"},
            "ferrow.driver.bulk": {"AsyncBulk": "Bulk"},
            "ferrow.driver.statements": {"AsyncStatements": "Statements"},
            "ferrow.driver.notices": {"AsyncNotices": "Notices"},
            "ferrow.driver.facts": {"AsyncFacts": "Facts"},
            "ferrow.driver.dbapi": {"AsyncDbapi": "Dbapi"},
            "ferrow.driver.connection": {"AsyncConnection": "Connection"},
            "ferrow.driver.cursor": {"AsyncCursor": "Cursor"},
            "ferrow.driver.cursor_server": {"AsyncServerCursor": "ServerCursor"},
            "ferrow.driver.sqlite": {"AsyncSqlite": "Sqlite"},
            "ferrow.driver.sqlite_blob": {"AsyncBlob": "Blob"},
            "ferrow.driver.transaction_statements": {"AsyncInside": "Inside"},
            "ferrow.driver.transaction_savepoints": {"AsyncSavepointing": "Savepointing"},
            "ferrow.driver.transaction": {"AsyncTransaction": "Transaction"},
            "ferrow.driver.listener": {"AsyncListener": "Listener"},
        },
        mixins={
            "Connection": ("ferrow.driver.exceptions", "Errors"),
            "Cursor": ("ferrow.driver.cursor_sync", "ByHand[R_co]"),
            "Statements": ("ferrow.driver.statements_sync", "FastPath"),
            "Pieces": ("ferrow.driver.pieces", "Flat"),
        },
        parts=frozenset({"Statements", "Bulk", "Notices", "Facts", "Dbapi", "Inside", "Savepointing"}),
    ),
    Room(
        "ferrow.engine",
        {
            "ferrow.engine.part": {"AsyncPart": "Part"},
            "ferrow.engine.blocks": {"AsyncBlocks": "Blocks"},
            "ferrow.engine.tables": {"AsyncTables": "Tables"},
            "ferrow.engine.stream": {"AsyncEngineStream": "EngineStream", "AsyncStreaming": "Streaming"},
            "ferrow.engine.engine": {"AsyncEngine": "Engine"},
            "ferrow.engine.pool": {"AsyncPool": "Pool"},
            "ferrow.engine.inspector": {"AsyncInspector": "Inspector"},
            "ferrow.engine.pipeline": {"AsyncPipelineScope": "PipelineScope"},
            "ferrow.engine.scope": {"AsyncConnectionScope": "ConnectionScope"},
            "ferrow.engine.transaction": {"AsyncTransactionScope": "TransactionScope"},
        },
        mixins={"Engine": ("ferrow.engine.pair", "OnlySync")},
        parts=frozenset({"Part", "Blocks", "Tables", "Streaming"}),
    ),
    Room(
        "ferrow.orm",
        {
            "ferrow.orm.unit.working": {"AsyncWorking": "Working"},
            "ferrow.orm.storing": {"AsyncStoring": "Storing"},
            "ferrow.orm.keeping": {"AsyncKeeping": "Keeping"},
            "ferrow.orm.relating": {"AsyncRelating": "Relating"},
            "ferrow.orm.transacting": {"AsyncTransacting": "Transacting"},
            "ferrow.orm.session": {"AsyncSession": "Session"},
            "ferrow.orm.stream": {"AsyncQueryStream": "QueryStream"},
            "ferrow.orm.choosing": {"AsyncChoosing": "Choosing"},
            "ferrow.orm.computing": {"AsyncComputing": "Computing"},
            "ferrow.orm.query": {"AsyncQuery": "Query"},
            "ferrow.orm.transaction": {"AsyncSessionTransaction": "SessionTransaction"},
            "ferrow.orm.scope": {"AsyncSessionScope": "SessionScope"},
            "ferrow.orm.context": {"AsyncSessionContext": "SessionContext"},
        },
        mixins={
            "Session": ("ferrow.orm.session_engine", "OnlySync"),
            "SessionContext": ("ferrow.orm.context", "AlsoAsync"),
            "Working": ("ferrow.orm.unit.working", "Deleting"),
        },
        parts=frozenset({"Relating", "Transacting"}),
    ),
    Room(
        "ferrow.crud",
        {
            "ferrow.crud.connections": {"AsyncConnections": "Connections"},
            "ferrow.crud.raw_pool": {
                "AsyncRawPool": "RawPool",
                "AsyncRawScope": "RawScope",
                "AsyncRawConnection": "RawConnection",
            },
            "ferrow.crud.statements": {"AsyncStatementFunctions": "StatementFunctions"},
            "ferrow.crud.functions": {"AsyncFunctions": "Functions"},
        },
    ),
    Room(
        "ferrow.repository",
        {
            "ferrow.repository.database": {"AsyncDatabase": "Database"},
            "ferrow.repository.registering": {"AsyncRegistering": "Registering"},
            "ferrow.repository.finding": {"AsyncFinding": "Finding"},
            "ferrow.repository.storing": {"AsyncStoring": "Storing"},
            "ferrow.repository.repository": {"AsyncRepository": "Repository"},
            "ferrow.repository.hub_finding": {"AsyncHubFinding": "HubFinding"},
            "ferrow.repository.hub": {"AsyncUnifiedRepository": "UnifiedRepository"},
            "ferrow.repository.session": {"AsyncSession": "Session"},
        },
        mixins={
            "Database": ("ferrow.repository.database", "OnlySync"),
            "Registering": ("ferrow.repository.replacing", "Replaceable"),
            "Finding": ("ferrow.repository.finding_sync", "FastPath[M]"),
            "HubFinding": ("ferrow.repository.hub_sync", "Handing"),
            "Session": ("ferrow.repository.hub_sync", "Beginning"),
        },
    ),
]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail, with a diff, on what is stale")
    check: bool = parser.parse_args(arguments).check
    stale = failed = 0
    for room in MANIFEST:
        try:
            new = generate(room, MANIFEST, PACKAGE)
        except FacadeError as error:
            print(f"{room.package}: {error}", file=sys.stderr)
            failed += 1
            continue
        path = room.output(PACKAGE)
        old = path.read_text() if path.exists() else ""
        if old == new:
            continue
        stale += 1
        if check:
            sys.stdout.writelines(
                difflib.unified_diff(
                    old.splitlines(keepends=True), new.splitlines(keepends=True), str(path), "tools/facade.py"
                )
            )
        else:
            path.write_text(new)
            print(f"wrote {path.relative_to(PACKAGE.parent)}")
    if check and stale:
        print(f"{stale} generated file(s) are stale: run `make facade`", file=sys.stderr)
    return 1 if failed or (check and stale) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
