"""The settings of connections that the program has opened itself: of their address, only what can be shown."""

from __future__ import annotations

from dataclasses import dataclass

from ferrow.wire.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSettings(Settings):
    """`shown` stands where the URL would."""

    shown: str = ""

    @property
    def redacted(self) -> str:
        """What was given, in messages."""
        return self.shown
