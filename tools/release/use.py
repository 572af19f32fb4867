"""What is done with Ferrow where it has just been installed, alone."""

from importlib import metadata
from pathlib import Path

import ferrow
from ferrow import Base, Mapped, Session, create_engine, mapped_column


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite::memory:")
engine.create_all(User)
session = Session(engine)
session.insert(User(name="Ada"))
assert [user.name for user in session.query(User).all()] == ["Ada"]
# As .cargo/config.toml has it compiled, which a build from elsewhere would lose.
[found] = engine.query_one("SELECT sqlite_compileoption_used('OMIT_SHARED_CACHE')")
assert found == 1, "SQLite is not compiled as .cargo/config.toml says"
assert "site-packages" in ferrow.__file__, ferrow.__file__
assert all("extra ==" in needed for needed in metadata.requires("ferrow") or ())
assert {"LICENSE", "THIRD-PARTY-LICENSES.txt"} <= {Path(file).name for file in metadata.files("ferrow") or ()}
print(metadata.version("ferrow"))
