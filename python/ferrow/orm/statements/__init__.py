"""`select`, `insert`, `update`, `delete`: statements over a model, one file each, for `session.execute`."""
