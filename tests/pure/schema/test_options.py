"""The options of columns, indexes and constraints as text, per dialect."""

from enum import Enum
from typing import Any

import pytest

from ferrow.errors import ModelError, NotSupportedError, ProgrammingError
from ferrow.model import (
    Base,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Mapped,
    UniqueConstraint,
    mapped_column,
    table_of,
)
from ferrow.schema import create_all, create_table, drop_all
from ferrow.sql.dialect import POSTGRESQL, SQLITE
from ferrow.types import Enum as EnumType
from ferrow.types import ListOf


def table(*arguments: Any, schema: str | None = None, name: str = "t", **columns: Any) -> Any:
    annotations = {"id": Mapped[int], "a": Mapped[str], "b": Mapped[int]}
    given = {key: value for key, value in columns.items() if not isinstance(value, tuple)}
    for key, value in columns.items():
        if isinstance(value, tuple):
            annotations[key], given[key] = Mapped[value[0]], value[1]
    body = {"id": mapped_column(primary_key=True)} | given
    special = {"__table_args__": arguments, "__schema__": schema, "__tablename__": name, "__module__": __name__}
    return table_of(type("T", (Base,), special | {"__annotations__": annotations} | body))


@pytest.mark.parametrize(
    ("index", "postgresql", "sqlite"),
    [
        (Index("a", "-b"), "INDEX IF NOT EXISTS ix_t_a_b ON t (a, b DESC)", None),
        (Index("a", unique=True, where="b > 1"), "UNIQUE INDEX IF NOT EXISTS ux_t_a ON t (a) WHERE b > 1", None),
        (Index(sql="lower(a)"), "INDEX IF NOT EXISTS ix_t_lower_a ON t ((lower(a)))", None),
        (
            Index("b", sql=["lower(a)", {"postgresql": "a::int", "sqlite": "+a"}], name="i"),
            "INDEX IF NOT EXISTS i ON t (b, (lower(a)), (a::int))",
            "INDEX IF NOT EXISTS i ON t (b, (lower(a)), (+a))",
        ),
        (
            Index("a", include=["b"]),
            "INDEX IF NOT EXISTS ix_t_a ON t (a) INCLUDE (b)",
            "INDEX IF NOT EXISTS ix_t_a ON t (a)",
        ),
        (
            Index("a", method="hash"),
            "INDEX IF NOT EXISTS ix_t_a ON t USING hash (a)",
            "INDEX IF NOT EXISTS ix_t_a ON t (a)",
        ),
        (
            Index("a", "b", sql="a || a", opclass={"a": "text_pattern_ops", "": "text_ops"}, name="i"),
            "INDEX IF NOT EXISTS i ON t (a text_pattern_ops, b, (a || a) text_ops)",
            "INDEX IF NOT EXISTS i ON t (a, b, (a || a))",
        ),
        (
            Index("a", method="gin", opclass="gin_trgm_ops"),
            "INDEX IF NOT EXISTS ix_t_a ON t USING gin (a gin_trgm_ops)",
            "",
        ),
        (
            Index("a", unique=True, nulls_not_distinct=True),
            "UNIQUE INDEX IF NOT EXISTS ux_t_a ON t (a) NULLS NOT DISTINCT",
            NotSupportedError,
        ),
        (
            Index("a", method='x"; DROP TABLE t; --'),
            'INDEX IF NOT EXISTS ix_t_a ON t USING "x""; DROP TABLE t; --" (a)',
            "",
        ),
    ],
)
def test_indexes(index: Index, postgresql: str, sqlite: Any) -> None:
    assert create_table(table(index), POSTGRESQL)[1:] == [f"CREATE {postgresql}"]
    if sqlite is NotSupportedError:
        with pytest.raises(NotSupportedError, match="nulls_not_distinct"):
            create_table(table(index), SQLITE)
    else:
        expected = postgresql if sqlite is None else sqlite
        assert create_table(table(index), SQLITE)[1:] == ([f"CREATE {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("argument", "postgresql", "sqlite"),
    [
        (
            ForeignKeyConstraint(
                ("a", "b"), "x(c, d)", ondelete="set null", onupdate="cascade", deferrable="immediate"
            ),
            "FOREIGN KEY (a, b) REFERENCES x (c, d) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
            None,
        ),
        (
            ForeignKeyConstraint(["a", "b"], ["s.x.c", "s.x.d"], name="k"),
            "CONSTRAINT k FOREIGN KEY (a, b) REFERENCES s.x (c, d)",
            "CONSTRAINT k FOREIGN KEY (a, b) REFERENCES x (c, d)",
        ),
        (ForeignKeyConstraint("a", ("x", "c")), "FOREIGN KEY (a) REFERENCES x (c)", None),
        (
            UniqueConstraint("a", "b", nulls_not_distinct=True, name="u"),
            "CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, b)",
            NotSupportedError,
        ),
        (
            CheckConstraint({"postgresql": "a ~ 'x'", "sqlite": "a GLOB 'x'"}),
            "CHECK (a ~ 'x')",
            "CHECK (a GLOB 'x')",
        ),
    ],
)
def test_constraints(argument: Any, postgresql: str, sqlite: Any) -> None:
    assert create_table(table(argument), POSTGRESQL)[0].endswith(f",\n    {postgresql}\n)")
    if sqlite is NotSupportedError:
        with pytest.raises(NotSupportedError, match="nulls_not_distinct"):
            create_table(table(argument), SQLITE)
    else:
        assert create_table(table(argument), SQLITE)[0].endswith(f",\n    {sqlite or postgresql}\n)")


@pytest.mark.parametrize(
    ("options", "postgresql", "sqlite"),
    [
        (mapped_column(Computed("a || a")), "GENERATED ALWAYS AS (a || a) STORED NOT NULL", None),
        (mapped_column(Computed("a || a", stored=False)), "GENERATED ALWAYS AS (a || a) VIRTUAL NOT NULL", None),
        (
            mapped_column(Computed({"postgresql": "a::text", "sqlite": "+a"})),
            "GENERATED ALWAYS AS (a::text) STORED NOT NULL",
            "GENERATED ALWAYS AS (+a) STORED NOT NULL",
        ),
        (mapped_column(collation="C"), 'COLLATE "C" NOT NULL', None),
        (mapped_column(collation={"sqlite": "NOCASE"}), "NOT NULL", 'COLLATE "NOCASE" NOT NULL'),
        (mapped_column(ForeignKey("x.y", deferrable="deferred", name="k")), "NOT NULL", None),
        (
            mapped_column(check={"postgresql": "c ~ 'x'", "sqlite": "c > ''"}),
            "NOT NULL CHECK (c ~ 'x')",
            "NOT NULL CHECK (c > '')",
        ),
    ],
)
def test_columns(options: Any, postgresql: str, sqlite: str | None) -> None:
    made = table(c=(str, options))

    assert f"\n    c text {postgresql},\n" in create_table(made, POSTGRESQL)[0].replace("\n)", ",\n")
    assert f"\n    c TEXT {sqlite or postgresql},\n" in create_table(made, SQLITE)[0].replace("\n)", ",\n")


def test_a_deferrable_foreign_key_of_one_column() -> None:
    made = table(b=mapped_column(ForeignKey("x.y", deferrable="deferred", name="k")))
    for dialect in (POSTGRESQL, SQLITE):
        assert (
            "CONSTRAINT k FOREIGN KEY (b) REFERENCES x (y) DEFERRABLE INITIALLY DEFERRED\n)"
            in create_table(made, dialect)[0]
        )


def test_identity() -> None:
    made = table(id=mapped_column(Identity(start=-5, increment=2), primary_key=True))
    assert (
        "id integer GENERATED BY DEFAULT AS IDENTITY (START WITH -5 INCREMENT BY 2) PRIMARY KEY"
        in create_table(made, POSTGRESQL)[0]
    )
    with pytest.raises(NotSupportedError, match=r"T?t\.id.*steps of 1"):
        create_table(made, SQLITE)

    started = create_table(
        table(id=mapped_column(Identity(True, start=7), primary_key=True), name="o'x", schema="s"), SQLITE
    )
    assert started[1] == (
        "INSERT INTO s.sqlite_sequence (name, seq) SELECT 'o''x', 6 "
        "WHERE NOT EXISTS (SELECT 1 FROM s.sqlite_sequence WHERE name = 'o''x')"
    )

    counter = table(b=mapped_column(Identity()))
    assert "b integer GENERATED BY DEFAULT AS IDENTITY NOT NULL" in create_table(counter, POSTGRESQL)[0]
    with pytest.raises(NotSupportedError, match="only in a column that is the whole primary key"):
        create_table(counter, SQLITE)


def test_comments() -> None:
    made = table(a=mapped_column(comment="it's \\ 'a'"), name="T t")
    assert create_table(made, POSTGRESQL)[1:] == ["COMMENT ON COLUMN \"T t\".a IS E'it''s \\\\ ''a'''"]
    assert create_table(made, SQLITE)[1:] == []


class Mood(Enum):
    GLAD = "glad"
    SAD = "s'ad"


def test_enumerations() -> None:
    made = table(m=(Mood, mapped_column(default=Mood.GLAD)), schema="app")

    create, text = create_table(made, POSTGRESQL)
    assert create == (
        """DO $ferrow$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_type WHERE oid = to_regtype('"app"."mood"') """
        """AND typtype = 'e') THEN CREATE TYPE "app"."mood" AS ENUM ('glad', 's''ad'); END IF; END $ferrow$"""
    )
    assert '\n    m "app"."mood" NOT NULL' in text
    assert drop_all([made], POSTGRESQL) == [
        "DROP TABLE IF EXISTS app.t",
        'DO $ferrow$ BEGIN DROP TYPE IF EXISTS "app"."mood"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $ferrow$',
    ]
    (text,) = create_table(made, SQLITE)
    assert "\n    m TEXT NOT NULL CHECK (m IN ('glad', 's''ad'))" in text
    assert drop_all([made], SQLITE) == ["DROP TABLE IF EXISTS app.t"]


def test_enumerations_as_text() -> None:
    made = table(m=(Mood, mapped_column(native_enum=False)))
    for dialect, name in ((POSTGRESQL, "text"), (SQLITE, "TEXT")):
        (text,) = create_table(made, dialect)
        assert f"\n    m {name} NOT NULL CHECK (m IN ('glad', 's''ad'))" in text


def test_an_enumeration_of_several_tables_is_one_type() -> None:
    first, second = table(m=(Mood, mapped_column()), name="x"), table(m=(Mood, mapped_column()), name="y")
    listed = table(m=(list[str], mapped_column(ListOf(EnumType("mood", ["glad", "s'ad"])))), name="z")

    statements = create_all([first, second, listed], POSTGRESQL)
    assert [text.startswith("DO") for text in statements] == [True, False, False, False]
    assert 'm "mood"[] NOT NULL' in statements[-1]


def test_types_that_get_into_each_others_way() -> None:
    other = Enum("Mood", {"OK": "ok"})
    tables = [table(m=(Mood, mapped_column()), name="x"), table(m=(other, mapped_column()), name="y")]
    with pytest.raises(ModelError, match=r"T\.m and T\.m both need a type called 'mood', but with different labels"):
        create_all(tables, POSTGRESQL)
    create_all(
        [table(m=(Mood, mapped_column()), name="x"), table(m=(other, mapped_column(enum_name="m2")))], POSTGRESQL
    )
    with pytest.raises(ModelError, match=r"the type 'mood' of T\.m cannot be called like the table of T"):
        create_all([table(m=(Mood, mapped_column()), name="mood")], POSTGRESQL)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Index(), "needs the names of its columns"),
        (lambda: Index(sql=""), "needs SQL text"),
        (lambda: Index("a", where=3), "needs SQL text"),  # type: ignore[arg-type]
        (lambda: Index("a", nulls_not_distinct=True), "about unique indexes"),
        (lambda: Computed(3), "needs SQL text"),  # type: ignore[arg-type]
        (lambda: Identity(start="1; DROP TABLE t"), "a whole number is needed"),  # type: ignore[arg-type]
        (lambda: Identity(increment=0), "the same number"),
        (lambda: ForeignKey("a.b", deferrable="sometimes"), "Known: IMMEDIATE, DEFERRED"),
        (lambda: ForeignKeyConstraint(("a",), "x(a, b)"), "1 columns cannot refer to 2"),
        (lambda: ForeignKeyConstraint(("a",), "x"), "cannot be read"),
        (lambda: ForeignKeyConstraint(("a", "b"), ["x.a", "y.b"]), "cannot be read"),
        (lambda: table(Index("nme")), "no column 'nme'"),
        (lambda: table(Index("a", include="bb")), "no column 'bb'"),
        (lambda: table(ForeignKeyConstraint("x", "y(z)")), "no column 'x'"),
        (lambda: table(c=(int, mapped_column(Computed("1"), default=3))), "T.c has both computed and default"),
        (lambda: table(c=(int, mapped_column(Identity(), server_default="3"))), "both identity and server_default"),
        (lambda: table(c=(int, mapped_column(Computed("1"), primary_key=True))), "cannot be a primary key"),
        (lambda: mapped_column(Identity(), Identity()), "two identitys"),
        (lambda: table(c=(str, mapped_column(native_enum=False))).column("c").type, "about enumerations of texts"),
        (lambda: table(c=(str, mapped_column(Identity()))).column("c").autoincrement, "for integer columns"),
        (lambda: table(c=(Enum("E", {"A": "x" * 64}), mapped_column())).column("c").type, "at most 63 bytes"),
        (
            lambda: create_table(table(c=(str, mapped_column(Computed({"sqlite": "1"})))), POSTGRESQL),
            "no entry for 'postgresql'",
        ),
    ],
)
def test_mistakes_are_refused_when_they_are_made(make: Any, message: str) -> None:
    with pytest.raises(ProgrammingError) as caught:
        make()
    assert message in str(caught.value)
