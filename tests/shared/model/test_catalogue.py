"""Every option of a declaration reaches the database: read back from its own catalogue, in every model style."""

from __future__ import annotations

from typing import Any

import pytest

from ferrow.errors import ForeignKeyViolation, NotSupportedError
from tests.support import entered, maybe
from tests.support.stores import stores as stores_of
from tests.support.stores.common import COMMENT

pytestmark = pytest.mark.usefixtures("session")

BTREES = {  # MariaDB's: include= costs nothing to leave out, gin it has not
    ("ix_newest", "country,price D", 1),
    ("ix_covering", "price", 1),
    ("uq_email_price", "email,price", 0),
}
INDEXES = {
    "ix_newest": ("(country, price DESC)", "(country, price DESC)"),
    "ix_covering": ("(price) INCLUDE (amount)", "(price)"),
    "ux_partial": ("(price) WHERE (amount > 10)", "(price) WHERE amount > 10"),
    "ux_stores_lower_email": ("(lower(email))", "((lower(email)))"),
    "ix_mixed": ("(country, ((price + 1)))", "(country, (price + 1))"),
    "ix_facts": ("gin (facts jsonb_path_ops)", None),
}


async def test_indexes(catalogue: Any, engine: Any) -> None:
    if engine.dialect.name == "mysql":
        found = await catalogue(
            mysql="""SELECT index_name, group_concat(column_name || if(collation = 'D', ' D', '') ORDER BY seq_in_index), non_unique
                FROM information_schema.statistics WHERE {here} = 'stores' GROUP BY index_name, non_unique"""
        )
        assert {*found} >= BTREES
        assert not [name for name, *_ in found if name == "ix_facts"]
        return
    found = dict(
        await catalogue(
            postgresql="SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'stores'",
            sqlite="SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'stores' AND sql IS NOT NULL",
        )
    )

    for name, texts in INDEXES.items():
        expected = texts[engine.dialect.name == "sqlite"]
        if expected is None:
            assert name not in found
        else:
            assert found[name].endswith(expected), found[name]
            assert ("UNIQUE" in found[name]) is name.startswith("ux")


async def test_keys(catalogue: Any, engine: Any) -> None:
    keys = await catalogue(
        postgresql="""SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'p' AND conrelid::regclass::text IN ('stores', 'regions') ORDER BY 1""",
        sqlite="""SELECT 'regions', 'PRIMARY KEY (' || group_concat(name, ', ') || ')' FROM
            (SELECT name FROM pragma_table_info('regions') WHERE pk > 0 ORDER BY pk)
            UNION SELECT 'stores', 'PRIMARY KEY (' || name || ')' FROM pragma_table_info('stores') WHERE pk > 0""",
        mysql="""SELECT table_name, 'PRIMARY KEY (' || group_concat(column_name ORDER BY ordinal_position SEPARATOR ', ') || ')'
            FROM information_schema.key_column_usage WHERE table_schema = database() AND constraint_name = 'PRIMARY'
            GROUP BY table_name ORDER BY 1""",
    )
    assert keys == [("regions", "PRIMARY KEY (country, code)"), ("stores", "PRIMARY KEY (id)")]

    if engine.dialect.name == "postgresql":
        found = await catalogue(
            postgresql="SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        )
        assert found == [
            (
                "store_region",
                "FOREIGN KEY (country, region) REFERENCES regions(country, code) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            )
        ]
    elif engine.dialect.name == "mysql":
        found = await catalogue(
            mysql="""SELECT constraint_name, column_name, k.referenced_table_name, referenced_column_name, delete_rule
                FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints
                USING (constraint_schema, constraint_name) WHERE constraint_schema = database() ORDER BY ordinal_position"""
        )
        assert found == [
            ("store_region", "country", "regions", "country", "CASCADE"),
            ("store_region", "region", "regions", "code", "CASCADE"),
        ]
    else:
        found = await catalogue(
            sqlite='SELECT seq, "table", "from", "to", on_delete FROM pragma_foreign_key_list(\'stores\') ORDER BY seq'
        )
        assert found == [(0, "regions", "country", "country", "CASCADE"), (1, "regions", "region", "code", "CASCADE")]


async def test_what_mariadb_has_not_is_named(engine: Any, session: Any, style: str) -> None:
    if engine.dialect.name != "mysql":
        return
    everything = stores_of(style)
    with pytest.raises(NotSupportedError, match="leave out deferrable="):
        await maybe(engine.create_all(everything.Region, everything.Store))


async def test_a_deferred_key_is_checked_at_commit(engine: Any, session: Any, stores: Any) -> None:
    if engine.dialect.name == "mysql":
        with pytest.raises(ForeignKeyViolation):  # at once
            await maybe(session.insert(stores.Store(country="cz", region=1, email="a", price=1)))
        return
    async with entered(engine.transaction()):
        await maybe(session.insert(stores.Store(country="cz", region=1, email="a", price=1)))
        await maybe(session.insert(stores.Region(country="cz", code=1, name="Prague")))
    assert await maybe(session.query(stores.Store).count()) == 1
    await maybe(session.query(stores.Region).delete())
    assert await maybe(session.query(stores.Store).count()) == 0  # ON DELETE CASCADE


async def test_unique_and_check_constraints(catalogue: Any) -> None:
    found = dict(
        await catalogue(
            postgresql="SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'stores'::regclass",
            sqlite="""SELECT n, iif(instr(sql, 'CONSTRAINT ' || n), substr(sql, instr(sql, 'CONSTRAINT ' || n)), '')
                FROM sqlite_master, (SELECT 'uq_email_price' n UNION SELECT 'price_is_not_negative') WHERE name = 'stores'""",
            mysql="""SELECT constraint_name, replace(check_clause, '"', '') FROM information_schema.check_constraints
                WHERE constraint_schema = database() UNION ALL SELECT constraint_name,
                'UNIQUE (' || group_concat(column_name ORDER BY ordinal_position SEPARATOR ', ') || ')'
                FROM information_schema.key_column_usage WHERE {here} = 'stores' GROUP BY constraint_name""",
        )
    )

    assert "UNIQUE (email, price)" in found["uq_email_price"]
    assert "price >= 0" in found["price_is_not_negative"].replace("`", "")


async def test_identity_and_computed_columns(catalogue: Any, engine: Any) -> None:
    if engine.dialect.name == "postgresql":
        found = await catalogue(
            postgresql="""SELECT column_name, identity_generation, identity_start FROM information_schema.columns
                WHERE table_name = 'stores' AND is_identity = 'YES'"""
        )
        assert found == [("id", "ALWAYS", "1000")]
    elif engine.dialect.name == "mysql":
        assert await catalogue(
            mysql="SELECT column_name FROM information_schema.columns WHERE {here} = 'stores' AND extra = 'auto_increment'"
        ) == [("id",)]
    else:
        assert await catalogue(sqlite="SELECT name, seq FROM sqlite_sequence") == [("stores", 999)]
    generated = await catalogue(
        postgresql="""SELECT attname, attgenerated::text = 's' FROM pg_attribute
            WHERE attrelid = 'stores'::regclass AND attgenerated <> '' ORDER BY 1""",
        sqlite="SELECT name, hidden = 3 FROM pragma_table_xinfo('stores') WHERE hidden > 1 ORDER BY 1",
        mysql="""SELECT column_name, extra = 'STORED GENERATED' FROM information_schema.columns
            WHERE {here} = 'stores' AND extra LIKE '% GENERATED' ORDER BY 1""",
    )
    assert [(name, bool(stored)) for name, stored in generated] == [("shown", False), ("total", True)]


async def test_which_columns_take_null(catalogue: Any) -> None:
    found = await catalogue(
        postgresql="SELECT attname FROM pg_attribute WHERE attrelid = 'stores'::regclass AND attnum > 0 AND NOT attnotnull ORDER BY 1",
        sqlite="""SELECT name FROM pragma_table_xinfo('stores') WHERE NOT "notnull" AND NOT pk ORDER BY 1""",
        mysql="SELECT column_name FROM information_schema.columns WHERE {here} = 'stores' AND is_nullable = 'YES' ORDER BY 1",
    )
    # MariaDB cannot say of a computed column that it is never NULL.
    assert [one for one in found if one != ("total",)] == [("shown",), ("size",)]


async def test_comments(catalogue: Any, engine: Any) -> None:
    if engine.dialect.name != "postgresql":
        return  # we write none there, and mind none
    assert await catalogue(
        postgresql="SELECT obj_description('regions'::regclass), col_description('regions'::regclass, 3)"
    ) == [("Where it's all kept", COMMENT)]


async def test_collation(catalogue: Any, session: Any, stores: Any) -> None:
    (found,) = await catalogue(
        postgresql="SELECT collation_name FROM information_schema.columns WHERE table_name = 'regions' AND column_name = 'name'",
        sqlite="SELECT iif(sql LIKE '%name TEXT COLLATE _NOCASE_ %', 'NOCASE', sql) FROM sqlite_master WHERE name = 'regions'",
        mysql="SELECT collation_name FROM information_schema.columns WHERE {here} = 'regions' AND column_name = 'name'",
    )
    assert found[0] in ("C", "NOCASE", "utf8mb4_general_ci")
    names = ["b", "A", "B", "a"]
    await maybe(session.insert_all([stores.Region(country="cz", code=i, name=name) for i, name in enumerate(names)]))

    ordered = await maybe(session.query(stores.Region).order_by("name", "code").values_list("name", flat=True))
    assert ordered == (["A", "B", "a", "b"] if found[0] == "C" else ["A", "a", "b", "B"])


async def test_enumerations(catalogue: Any, engine: Any, mysql: bool) -> None:
    if engine.dialect.name == "postgresql":
        found = await catalogue(
            postgresql="""SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY enumsortorder"""
        )
        assert found == [("color", "red"), ("color", "green"), ("color", "it's \\ {blue}")]
        assert await catalogue(
            postgresql="SELECT udt_name FROM information_schema.columns WHERE table_name = 'stores' AND column_name IN ('color', 'size') ORDER BY 1"
        ) == [("color",), ("text",)]
    elif engine.dialect.name == "mysql":
        found = await catalogue(
            mysql="""SELECT replace(check_clause, '"', '') FROM information_schema.check_constraints
                WHERE constraint_schema = database()"""
        )
        if mysql:  # its texts say the character set of each literal, and escape the quotes
            texts = [condition.replace("`", "").replace("_utf8mb4", "").replace("\\'", "'") for (condition,) in found]
            assert "(color in ('red','green','it\\\\'s \\\\\\\\ {blue}'))" in texts
            assert "(size in ('large','small'))" in texts
        else:
            assert ("color in ('red','green','it\\'s \\\\ {blue}')",) in found
            assert ("size in ('large','small')",) in found
    else:
        ((sql,),) = await catalogue(sqlite="SELECT sql FROM sqlite_master WHERE name = 'stores'")
        assert "CHECK (color IN ('red', 'green', 'it''s \\ {blue}'))" in sql
        assert "CHECK (size IN ('large', 'small'))" in sql


async def test_create_all_and_drop_all_can_be_repeated(catalogue: Any, engine: Any, stores: Any) -> None:
    everything = {
        "postgresql": """SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '_not_null$'
            UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
            UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1""",
        "sqlite": "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1",
        "mysql": """SELECT table_name, index_name FROM information_schema.statistics WHERE table_schema = database()
            ORDER BY 1, 2""",
    }
    before = await catalogue(**everything)
    await maybe(engine.create_all(stores.Region, stores.Store))
    assert await catalogue(**everything) == before

    await maybe(engine.drop_all(stores.Region, stores.Store))
    assert await catalogue(**everything) == []
    await maybe(engine.drop_all(stores.Region, stores.Store))
    await maybe(engine.create_all(stores.Store, stores.Region))
    assert await catalogue(**everything) == before
