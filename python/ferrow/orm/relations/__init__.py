"""Relations that are written: what instances say through them becomes keys and junction rows."""
