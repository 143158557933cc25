"""Values that are made quickly are the very same values."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from pactmock.pact.model import HttpInteraction, Request, Response
from pactmock.pact.quick_values import quick_maker


@dataclass(frozen=True, slots=True)
class _Base:
    name: str


@dataclass(frozen=True, slots=True)
class _Value(_Base):
    size: int = 1


def test_a_value_that_was_made_quickly_is_like_any_other() -> None:
    made = quick_maker(_Value)("a", size=2)
    assert type(made) is _Value
    assert made == _Value("a", 2)
    assert hash(made) == hash(_Value("a", 2))
    assert repr(made) == repr(_Value("a", 2))
    assert replace(made, size=3) == _Value("a", 3)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made  # noqa: S301  our own


@pytest.mark.parametrize("name", ["name", "size"])
def test_a_value_that_was_made_quickly_is_frozen(name: str) -> None:
    made = quick_maker(_Value)("a", 2)
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, "b")
    with pytest.raises(FrozenInstanceError):
        delattr(made, name)


def test_all_fields_have_to_be_given() -> None:
    with pytest.raises(TypeError, match="size"):
        quick_maker(_Value)("a")


def test_the_values_of_a_pact_can_be_made_quickly() -> None:
    request, response = Request(path="/a"), Response(201)
    made = quick_maker(HttpInteraction)("x", None, (), False, {}, {}, None, None, request, response)
    assert made == HttpInteraction("x", request=request, response=response)
