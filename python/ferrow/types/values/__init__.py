"""Values of PostgreSQL types that Python has no class for. One idea per file; `ferrow.types` exports them."""
