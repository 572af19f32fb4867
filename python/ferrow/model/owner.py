"""Which class of the inheritance chain wrote an annotation: its module is where the names in it are known."""

from __future__ import annotations

from typing import Any


def own_annotations(cls: type) -> dict[str, Any]:
    """The annotations in the body of `cls` itself, not evaluated further than Python has done."""
    found = cls.__dict__.get("__annotations__")  # noqa: RUF063  # `inspect` is expensive to import
    if found is not None:
        return dict(found)
    if "__annotate_func__" not in cls.__dict__:
        return {}
    try:
        return dict(cls.__annotations__)  # Python 3.14 evaluates on demand
    except NameError:
        import annotationlib  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

        return dict(annotationlib.get_annotations(cls, format=annotationlib.Format.FORWARDREF))


def written(cls: type, key: str) -> str | None:
    """The annotation of `key` in the body of `cls` itself, as it is written there, or nearly."""
    if "__annotate_func__" in cls.__dict__:
        import annotationlib  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

        text: str | None = annotationlib.get_annotations(cls, format=annotationlib.Format.STRING).get(key)
        return text
    found = own_annotations(cls).get(key)
    return found if found is None or isinstance(found, str) else getattr(found, "__name__", str(found))


def owner_of(cls: type, key: str) -> type:
    """The nearest class in the chain whose body annotates `key`."""
    for base in cls.__mro__:
        if key in own_annotations(base):
            return base
    return cls
