"""What a mock server answers to the interactions of its pact: made ready once, with generators played each time.

An answer is made ready when it is first sent; what cannot be sent is refused before, when the pact comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pactmock.errors import InvalidPact
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.pact.codings.content_coding import codings_of
from pactmock.pact.made_once import made_once
from pactmock.pact.matching_rules import ArrayContains, different_rules
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.model import HttpInteraction, Response
from pactmock.plugins.binding.bound_pact import BoundPact, MakeBody
from pactmock.server.answers import answer
from pactmock.server.answers.answer import Answer

if TYPE_CHECKING:
    from pactmock.generators.apply import PartGenerators
    from pactmock.generators.context import GeneratorContext
    from pactmock.generators.kinds import Kind


class Script:
    """The answers of a pact, by the position of the interaction among those that are played over HTTP.

    With a `seed`, a server that is asked the same things in the same order answers the same.
    """

    def __init__(
        self, bound: BoundPact, seed: int | None = None, answer_of: Callable[[Response], Answer] = answer.of_response
    ) -> None:
        """Make sure that the answers can be sent, and compile their generators; `answer_of` makes one of a response.

        Raises:
            InvalidPact: with the JSON pointer of what cannot be sent or of a generator that cannot work.
        """
        self._bound = bound
        self._answer_of = answer_of
        self._responses: list[Response] = []
        self._prepared: dict[int, Prepared] = {}
        check_headers = answer.HeaderCheck()
        for position, item in enumerate(bound.pact.interactions):
            if isinstance(item, HttpInteraction):
                response = item.response
                try:
                    _check_status(response)
                    check_headers(response.headers)
                    # To compress a large body takes seconds, which nobody who asks for it is to wait for.
                    if response.generators or response.matching_rules or codings_of(response.headers):
                        self._prepare(len(self._responses), response)
                except InvalidPact as error:
                    error.below(*(response.place or ("interactions", position, "response")))
                    raise
                self._responses.append(response)
        self._seed = seed

    @made_once
    def _context(self) -> GeneratorContext:
        from random import Random  # late, as most answers are as the pact has them

        from pactmock.generators.context import GeneratorContext

        return GeneratorContext(random=Random(self._seed))  # noqa: S311  example data, no secrets

    def prepared(self, index: int) -> Prepared:
        """Return what is ready to be answered to an interaction."""
        return self._prepared.get(index) or self._prepare(index, self._responses[index])

    def generate(self, prepared: Prepared, url: str) -> Answer:
        """Make an answer within the current budget; `url` is where the sender calls the mock server.

        With a seed, an answer that is begun again is the same again.

        Raises:
            OutOfBudget: when it cannot be made; also where it is long, if the budget is a tentative one.
        """
        if budget.current().tentative and prepared.size > _MADE_AT_ONCE:
            raise OutOfBudget("the answer is long")
        context = replace(self._context, mock_server_url=url)
        before = context.random.getstate() if self._seed is not None else None
        try:
            return self._answer_of(prepared.generate(context))
        except OutOfBudget:
            if before is not None:
                context.random.setstate(before)
            raise

    def _prepare(self, index: int, response: Response) -> Prepared:
        make_body, kinds = self._bound.body_makers.get(index), self._bound.generator_kinds
        prepared = self._prepared[index] = Prepared(response, self._answer_of(response), make_body, kinds)
        return prepared


_MADE_AT_ONCE = 256 * 1024
"""How long a body may be that is read and written where the request arrives: neither can be cut short."""


class Prepared:
    """A response with its generators compiled, and the answer that it is without them."""

    __slots__ = ("_generators", "_make_body", "_response", "answer", "generates", "size")

    def __init__(
        self, response: Response, prepared: Answer, make_body: MakeBody | None, kinds: Mapping[str, Kind] | None
    ) -> None:
        self._response = response
        self.size = len(response.body.content)
        self.answer = prepared
        self._make_body = make_body
        if make_body is not None:  # what a plugin generates is not for the core
            others = {category: entries for category, entries in response.generators.items() if category != "body"}
            response = replace(response, generators=others)
        self._generators = _compile(response, kinds)
        self.generates = self._generators is not None or make_body is not None

    def generate(self, context: GeneratorContext) -> Response:
        """Return the response with generated values in it."""
        response = self._generators.apply(context) if self._generators else self._response
        return replace(response, body=self._make_body(context)) if self._make_body else response


_FIRST_FINAL_STATUS = 200


def _check_status(response: Response) -> None:
    if not response.status:
        # One of provider states makes none without the provider; all others make statuses, or are refused.
        if any(entry.generator.type == "RandomInt" for entry in response.generators.get("status", ())):
            return
        raise InvalidPact(
            "0 is not a status code, and there is no generator that makes one: use a number from 200 to 999"
        ).below("status")
    if response.status < _FIRST_FINAL_STATUS:
        raise InvalidPact(
            f"A client that gets {response.status} waits for another answer, which never comes: use a status from"
            f" {_FIRST_FINAL_STATUS} on"
        ).below("status")


def _has_variants(rules: MatchingRules) -> bool:
    """Tell whether there is a rule with generators of its own in it, as only arrayContains has."""
    return any(isinstance(rule, ArrayContains) for found in rules.values() for rule in different_rules(found))


def _compile(response: Response, kinds: Mapping[str, Kind] | None) -> PartGenerators[Response] | None:
    if not response.generators and not _has_variants(response.matching_rules):
        return None
    from pactmock.generators.apply import compile_response  # late: most pacts generate nothing
    from pactmock.generators.kinds import KINDS

    compiled = compile_response(response, KINDS if kinds is None else kinds)
    return compiled if compiled.generates else None
