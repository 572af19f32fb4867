"""The error of the embedded server."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server could not be installed, created, started or reached. The message quotes its log."""
