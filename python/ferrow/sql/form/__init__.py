"""How each kind of node is written: one file per subject, one `Form` per kind."""
