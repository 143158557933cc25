"""Values: what does not change once it is made. `@value` makes a class of them.

To the type checker they are frozen dataclasses, and `make check` refuses whoever writes to one. While the program runs
nothing stands in the way: the constructor of a frozen dataclass calls `object.__setattr__` for each field, which for a
request of eight fields takes 1.3 microseconds instead of 0.25, and a mock server makes half a dozen values a request.

They get their methods when the first of them is made, and become dataclasses when somebody asks for their fields.
To make a dataclass takes 0.3 milliseconds, most of it for the annotations in its constructor, which is compiled twice:
for all that a program imports that was as much as starting Python takes four times. Of most kinds of values most
programs never make one, and of nearly all others nobody asks for the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field
from functools import partial
from inspect import Parameter, Signature, get_annotations, signature
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Make a class of values of one with annotated fields: equal, and of one hash, when their fields are."""
    annotated = get_annotations(kind).items()
    own = {name: kind.__dict__.get(name, MISSING) for name, text in annotated if "ClassVar" not in str(text)}
    inherited = {name for base in kind.__mro__[1:] for name in getattr(base, "__slots__", ())}
    members: dict[str, Any] = {"__slots__": tuple(name for name in own if name not in inherited)}
    left_out = {*own, "__dict__", "__weakref__"}
    members |= {name: member for name, member in kind.__dict__.items() if name not in left_out}
    metaclass: Any = type(kind)
    made = metaclass(kind.__name__, kind.__bases__, members)
    made.__qualname__ = kind.__qualname__
    made.__own_fields__ = own
    made.__init__ = _Late("__init__", made, partial(_complete, made, kind))
    made.__dataclass_fields__ = _Late("__dataclass_fields__", made, partial(_describe, made, kind))
    made.__signature__ = _Signature()
    return cast("type[T]", made)


class _Late:
    """What is asked of a class of values before all else: to make one, or for its fields. Then it is completed."""

    def __init__(self, name: str, made: type, complete: Callable[[], None]) -> None:
        self._name = name
        self._made = made
        self._complete = complete

    def __get__(self, instance: object, owner: type) -> Any:
        with _completing:
            if self._made.__dict__[self._name] is self:
                self._complete()
        found = self._made.__dict__[self._name]
        return found.__get__(instance, owner) if callable(found) else found


_completing = RLock()


class _Signature:
    def __get__(self, _instance: object, owner: type) -> Signature:
        _, *taken = signature(owner.__init__).parameters.values()  # type: ignore[misc]
        texts = {name: text for base in reversed(owner.__mro__) for name, text in get_annotations(base).items()}
        return Signature([item.replace(annotation=texts.get(item.name, Parameter.empty)) for item in taken])


def _complete(made: Any, described: type) -> None:
    """Give a class of values its methods, but for those that it was written with."""
    members = [item for base in reversed(made.__mro__) for item in base.__dict__.get("__own_fields__", {}).items()]
    found = {name: item if isinstance(item, Field) else field(default=item) for name, item in members}
    has_post_init = hasattr(made, "__post_init__")
    methods = (
        ("__init__", _constructor(found, f"{made.__qualname__}.__init__", has_post_init=has_post_init)),
        *_comparing([name for name, item in found.items() if item.compare]),
        ("__repr__", _showing([name for name, item in found.items() if item.repr])),
        ("__match_args__", tuple(name for name, item in found.items() if item.init)),
    )
    for name, method in methods:
        setattr(made, name, described.__dict__.get(name, method))


def _describe(made: Any, described: type) -> None:
    """Give a class of values the fields of a dataclass."""
    made.__init__  # noqa: B018  completed first, as `dataclass` takes the defaults away
    described.__doc__ = described.__doc__ or described.__name__  # else it composes one, which takes as long again
    dataclass(init=False, eq=False, repr=False)(described)
    for name in ("__dataclass_params__", "__dataclass_fields__"):
        setattr(made, name, described.__dict__[name])


class _Anew:
    """Stands for a default that is made anew for each value."""

    def __repr__(self) -> str:
        return "<factory>"


_ANEW = _Anew()


def _constructor(members: Mapping[str, Field[Any]], name: str, *, has_post_init: bool) -> Any:
    """Write what takes a value for each field, and assigns it."""
    made = {f"make_{field_name}": item.default_factory for field_name, item in members.items()}
    lines = [f"self.{field_name} = {_assigned(field_name, item)}" for field_name, item in members.items()]
    lines += ["self.__post_init__()"] * has_post_init
    taken = {field_name: item for field_name, item in members.items() if item.init}
    scope: dict[str, Any] = {**made, "ANEW": _ANEW}
    exec(f"def __init__(self, {', '.join(taken)}): {'; '.join(lines) or 'pass'}", scope)  # noqa: S102  as `dataclass`
    constructor = scope["__init__"]
    defaults = [item.default if item.default_factory is MISSING else _ANEW for item in taken.values()]
    constructor.__defaults__ = tuple(default for default in defaults if default is not MISSING)
    constructor.__qualname__ = name
    return constructor


def _assigned(name: str, item: Field[Any]) -> str:
    if item.default_factory is MISSING:
        return name
    return f"make_{name}() if {name} is ANEW else {name}" if item.init else f"make_{name}()"


def _comparing(names: list[str]) -> tuple[tuple[str, object], ...]:
    compared: Callable[[Any], object] = attrgetter(*names) if names else type

    def is_equal(self: Any, other: object) -> object:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_of(self: Any) -> int:
        return hash(compared(self))

    return ("__eq__", is_equal), ("__hash__", hash_of)


def _showing(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def show(self: Any) -> str:
        return f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return show
