"""What a component is, in words: its role in a matchday, its description, its parameters."""

from __future__ import annotations

import inspect
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from matchday.assembly import implementations
from matchday.component import Component

#: Hooks by which a component is told something, and answers nothing.
TOLD = frozenset({"season_opened", "matchday_opened", "matchday_settled", "season_closed"})


def role(kind: type[Component]) -> str:
    """Say what a component does in a matchday: what it answers, and what it wraps."""
    found = implementations(kind)
    wraps = [f"wraps {hook}" for hook, options in found.items() if options.get("wrapper")]
    answers = [f"answers {hook}" for hook, options in found.items() if hook not in TOLD and not options.get("wrapper")]
    return ", ".join(answers + wraps) or "listens"


def summary(kind: type) -> str:
    """Answer the first line of a docstring."""
    return inspect.cleandoc(kind.__doc__ or "").split("\n", 1)[0]


def description(kind: type) -> str:
    """Answer a docstring's paragraphs in one line each; tables stay as they are, examples are left out."""
    paragraphs = [each for each in inspect.cleandoc(kind.__doc__ or "").split("\n\n") if not each.startswith(">>>")]
    return "\n\n".join(each if _is_laid_out(each) else " ".join(each.split()) for each in paragraphs)


def type_of(field: FieldInfo) -> str:
    """Write a parameter's type in words."""
    return _words(field.annotation)


def default_of(field: FieldInfo) -> str:
    """Write a parameter's default."""
    value = field.get_default(call_default_factory=True)
    return "(needed)" if value is PydanticUndefined else repr(value)


def _is_laid_out(paragraph: str) -> bool:
    return any(line.startswith((" ", ">>>", "==")) for line in paragraph.splitlines())


def _words(annotation: Any) -> str:
    """Write a type as people do.

    >>> _words(float | None), _words(tuple[str, ...] | None), _words(Literal["edge", "growth"])
    ('float or none', 'list of str or none', "'edge' or 'growth'")
    """
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(map(repr, inside))
    if origin in {Union, UnionType}:
        return " or ".join(map(_words, inside))
    if origin is Annotated:
        return _words(inside[0])
    if origin in {list, tuple}:
        return f"list of {_words(inside[0])}"
    if origin is dict:
        return f"table of {_words(inside[1])}" if inside[1] is not Any else "table"
    return "none" if annotation is NoneType else getattr(annotation, "__name__", str(annotation))
