"""The types of what a client is answered are those of the models that the answers are described by."""

from __future__ import annotations

import itertools
import types
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from pydantic import BaseModel, RootModel

from pactmock.client import documents
from pactmock.client import explained as explained_documents
from pactmock.control import entries, explained, interactions, messages, pacts, schemas, servers, service


def _members(kind: type) -> dict[str, Any]:
    """The members of a model or of a typed dictionary: each with its form, and whether it is always there."""
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        return {name: (get_origin(hint) is not NotRequired, _form(hint)) for name, hint in hints.items()}
    assert issubclass(kind, BaseModel)
    return {
        name: (field.is_required(), _form(field.annotation if field.is_required() else _without_none(field.annotation)))
        for name, field in kind.model_fields.items()
    }


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in {Union, types.UnionType}:
        return kind
    return Union[tuple(item for item in get_args(kind) if item is not type(None))]  # noqa: UP007  of a tuple


def _alternatives(kind: Any) -> frozenset[Any]:
    """The forms of a type, which are several where it is a union or a model of one."""
    if isinstance(kind, type) and issubclass(kind, RootModel):
        return _alternatives(kind.model_fields["root"].annotation)
    is_union = get_origin(kind) in {Union, types.UnionType}
    return (
        frozenset(itertools.chain.from_iterable(map(_alternatives, get_args(kind))))
        if is_union
        else frozenset({_form(kind)})
    )


def _form(kind: Any) -> Any:
    """A type as it is on the wire, so that two kinds of types can be compared."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {NotRequired, Annotated}:
        return _form(arguments[0])
    if origin in {Union, types.UnionType}:
        return _alternatives(kind)
    if origin is not None:
        return origin, arguments if origin is Literal else tuple(map(_form, arguments))
    if kind is datetime:
        return str
    if isinstance(kind, type) and issubclass(kind, RootModel):
        return _form(kind.model_fields["root"].annotation)
    is_object = is_typeddict(kind) or (isinstance(kind, type) and issubclass(kind, BaseModel))
    return frozenset(_members(kind).items()) if is_object else kind


@pytest.mark.parametrize(
    ("document", "model"),
    [
        (documents.Health, service.Health),
        (documents.Ready, service.Ready),
        (documents.Server, schemas.Server),
        (documents.ListedInteraction, interactions.ListedInteraction),
        (documents.WholeInteraction, interactions.WholeInteraction),
        (explained_documents.Mismatch, explained.Mismatch),
        (explained_documents.Record, entries.Record),
        (explained_documents.Refusal, entries.Refusal),
        (documents.Explained, interactions.Explained),
        (documents.Written, pacts.Written),
        (documents.ListedPact, pacts.ListedPact),
        (documents.UnreadFile, pacts.UnreadFile),
        (documents.ListedMessage, messages.ListedMessage),
        (documents.HandedOut, messages.HandedOut),
        (documents.Settled, messages.Settled),
    ],
)
def test_a_document_has_the_members_of_its_model(document: Any, model: type[BaseModel]) -> None:
    assert _form(document) == _form(model)


def test_options_are_the_query_parameters_of_the_call() -> None:
    hints = get_type_hints(documents.CreateOptions)
    fields = servers.CreateQuery.model_fields
    assert {name: _form(hint) for name, hint in hints.items()} == {
        name: _form(field.annotation) for name, field in fields.items()
    }
