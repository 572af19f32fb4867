"""What shared test bodies are written with: one `async def`, run in both call styles."""

from tests.support.colours import entered, items, maybe

__all__ = ["entered", "items", "maybe"]
