"""An interaction compiled once, to be compared with many requests."""

from __future__ import annotations

from dataclasses import dataclass

from pactmock.errors import TooLarge
from pactmock.matching import headers, query
from pactmock.matching.body import accept_any_body, body_rules, compile_body
from pactmock.matching.mismatch import BodyMismatch, MethodMismatch, PathMismatch
from pactmock.matching.part import BodyCheck, BodyCompiler, BodyMismatches, ExpectedPart, Part
from pactmock.matching.result import RequestResult
from pactmock.matching.rule_set import NO_RULES, Place, RuleList, compile_category, compile_rules, lower_cased
from pactmock.pact.model import HttpInteraction, Request, part_content_type


@dataclass(frozen=True, slots=True)
class Expectation:
    """The request of one interaction, ready to be compared. `index` is its position among those that are played.

    `identity` is the position of the first interaction whose request is the same to the last rule: one request
    satisfies all of them (reference/matching.md §6.4).
    """

    interaction: HttpInteraction
    index: int
    identity: int
    path_rules: RuleList | None
    query_rules: Place
    header_rules: Place
    body_rules: Place
    body_check: BodyCheck

    @property
    def request(self) -> Request:
        return self.interaction.request

    @property
    def most_parts(self) -> int:
        """The score that query and headers can add at the most; more than that no request can reach."""
        return len(self.request.query or ()) + len(self.request.headers)

    def match(self, request: Request) -> RequestResult:
        """Compare a request; `request` has lower-case header names and a content type stored with its body."""
        return RequestResult(
            method=self.match_method(request),
            path=self.match_path(request),
            query=self.match_query(request),
            headers=headers.compare(self.request.headers, request.headers, self.header_rules),
            body=self.match_body(request),
        )

    def match_method(self, request: Request) -> MethodMismatch | None:
        """Compare the methods in any case; rules of the category `method` are ignored (§11 row 28)."""
        if self.request.method == request.method or self.request.method.upper() == request.method.upper():
            return None
        text = f"expected {self.request.method} but was {request.method}"
        return MethodMismatch(self.request.method, request.method, text)

    def match_path(self, request: Request) -> tuple[PathMismatch, ...]:
        """Compare the paths, still percent-encoded, under the rules of the category `path` or for equality (§5.4)."""
        expected, actual = self.request.path, request.path
        if self.path_rules is None:
            if expected == actual:
                return ()
            problems = [f"Expected '{actual}' to be equal to '{expected}'"]
        else:
            problems = self.path_rules.string_problems(expected, actual, False)
        return tuple(PathMismatch(expected, actual, problem) for problem in problems)

    def match_query(self, request: Request) -> query.QueryMismatches:
        """Compare the queries parameter by parameter; without rules for them, V1 also compares their order."""
        found = query.compare(self.request.query, request.query, self.query_rules)
        if self.request.query_text is not None and self.query_rules is NO_RULES and not any(found.values()):
            found |= query.compare_texts(self.request.query_text, request.query_text or "")
        return found

    def match_body(self, request: Request) -> BodyMismatches:
        """Compare the bodies. What is nested too deep to be walked is a mismatch."""
        if self.body_check is accept_any_body:
            return ()
        actual = Part(request.body, part_content_type(request), request.headers)
        try:
            return self.body_check(actual)
        except (RecursionError, TooLarge):
            text = "The received body is nested too deep to be compared"
            return [BodyMismatch("$", self.request.body.content, actual.content, text)]

    def __repr__(self) -> str:
        return f"<Expectation {self.index} {self.request.method} {self.request.path} {self.interaction.description!r}>"


def compile_expectation(
    interaction: HttpInteraction, index: int, identity: int, body_compiler: BodyCompiler | None = None
) -> Expectation:
    """Compile the request of an interaction, whose body may be compared by a plugin.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    request = interaction.request
    rules = request.matching_rules
    path_entries = rules.get("path", ())
    header_rules = compile_category(rules, "header", lower_cased)
    body = _expected_part(request)
    return Expectation(
        interaction=interaction,
        index=index,
        identity=identity,
        path_rules=compile_rules(path_entries[0]) if path_entries else None,
        query_rules=compile_category(rules, "query"),
        header_rules=header_rules,
        body_rules=body.rules,
        body_check=compile_body(body, header_rules, body_compiler),
    )


def _expected_part(request: Request) -> ExpectedPart:
    content_type = part_content_type(request)
    rules = body_rules(request.matching_rules, content_type)
    return ExpectedPart(request.body, content_type, request.headers, rules, strict=True)
