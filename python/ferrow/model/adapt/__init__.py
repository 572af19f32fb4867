"""One file per style of declaring a model. Each has `describe(cls, convention)`, `reading(cls, table)` and `fill(instance, keys, values)`."""
