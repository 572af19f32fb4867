"""The parameters of a method: how the face declares them, and how it hands them on."""

from __future__ import annotations

import ast
import copy

from facadegen.annotations import Mapper, parsed
from facadegen.room import FacadeError

WORLD = "world"
"""The parameter that every face fills in: its own world."""


def declared(args: ast.arguments, mapper: Mapper) -> ast.arguments:
    """The face's own parameter list: mapped annotations, no world."""
    face = copy.deepcopy(args)
    _drop_world(face)
    for arg in every(face):
        annotation = parsed(arg.annotation)
        arg.annotation = None if annotation is None else mapper.sync(annotation)
    return face


def handed_on(args: ast.arguments, mapper: Mapper, where: str) -> str:
    """The argument list of the call to the async object, as source text."""
    texts: list[str] = []
    by_name = False
    for arg in [*args.posonlyargs, *args.args][_first(args) :]:
        if arg.arg == WORLD:
            texts.append(f"{WORLD}=BLOCKING")
            by_name = True  # what follows has moved up by one place
            continue
        value = mapper.argument(parsed(arg.annotation), arg.arg, where)
        texts.append(f"{arg.arg}={value}" if by_name else value)
    if args.vararg:
        _plain(args.vararg, mapper, where)
        texts.append(f"*{args.vararg.arg}")
    for arg in args.kwonlyargs:
        value = "BLOCKING" if arg.arg == WORLD else mapper.argument(parsed(arg.annotation), arg.arg, where)
        texts.append(f"{arg.arg}={value}")
    if args.kwarg:
        _plain(args.kwarg, mapper, where)
        texts.append(f"**{args.kwarg.arg}")
    return ", ".join(texts)


def every(args: ast.arguments) -> list[ast.arg]:
    starred = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *starred]


def _first(args: ast.arguments) -> int:
    positional = [*args.posonlyargs, *args.args]
    return 1 if positional and positional[0].arg in {"self", "cls"} else 0


def _plain(arg: ast.arg, mapper: Mapper, where: str) -> None:
    annotation = parsed(arg.annotation)
    if annotation is not None and mapper.mentions(annotation):
        raise FacadeError(f"{where}: {arg.arg} collects mapped objects, take a list instead or mark it @async_only")


def _drop_world(args: ast.arguments) -> None:
    for index, arg in enumerate(args.kwonlyargs):
        if arg.arg == WORLD:
            del args.kwonlyargs[index], args.kw_defaults[index]
            return
    positional = [*args.posonlyargs, *args.args]
    for index, arg in enumerate(positional):
        if arg.arg == WORLD:
            default = index - (len(positional) - len(args.defaults))
            if default >= 0:
                del args.defaults[default]
            (args.posonlyargs if arg in args.posonlyargs else args.args).remove(arg)
            return
