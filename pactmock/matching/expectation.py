"""An interaction compiled once, when it is first asked for, to be compared with many requests."""

from __future__ import annotations

from pactmock.errors import TooLarge
from pactmock.matching import budget
from pactmock.matching.bodies.body import accept_any_body, body_rules, compile_body
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.compiling import check_rules, compile_category, compile_rules, lower_cased
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.mismatch import BodyMismatch, MethodMismatch, PathMismatch
from pactmock.matching.parts import headers, query
from pactmock.matching.parts import path as paths
from pactmock.matching.parts.part import BodyCheck, BodyCompiler, BodyMismatches, ExpectedPart, Part
from pactmock.matching.result import PathMismatches, RequestResult, score_of
from pactmock.matching.rule_set import NO_RULES, Place, RuleList
from pactmock.matching.undecided import undecided
from pactmock.pact.made_once import made_once
from pactmock.pact.model import HttpInteraction, Request, part_content_type
from pactmock.pact.parts.body import BodyState


class Expectation:
    """The request of one interaction, to be compared. `index` is its position among those that are played.

    `key` names it, also on other replicas and after a restart. `identity` is the key of the first interaction whose
    request is the same to the last rule: one request satisfies all of them (reference/matching.md §6.4).

    The comparison is compiled when it is first needed: most of a large pact is never asked for in one test. What it
    is compiled from does not change, so two threads that do it at once do no harm.
    """

    def __init__(
        self,
        interaction: HttpInteraction,
        index: int,
        key: str,
        identity: str,
        path_rules: RuleList | None = None,
        body_compiler: BodyCompiler | None = None,
    ) -> None:
        self.interaction = interaction
        self.request = interaction.request
        self.index = index
        self.key = key
        self.identity = identity
        self.path_rules = path_rules
        is_unsendable = path_rules is None and not paths.is_sendable(self.request.path)
        self.encoded_path = paths.encoded(self.request.path) if is_unsendable else None
        """The form of a literal path that no client can send as it is (§11 row 72, F); None for all others."""
        self._body_compiler = body_compiler

    @made_once
    def name(self) -> InteractionName:
        """What explanations call its interaction."""
        return InteractionName.of(self.interaction, self.key, self.index)

    def is_given(self, state: str) -> bool:
        """Tell whether its interaction is given a provider state of this name."""
        return any(item.name == state for item in self.interaction.provider_states)

    @made_once
    def query_rules(self) -> Place:
        return compile_category(self.request.matching_rules, "query")

    @made_once
    def _expected_query(self) -> query.ExpectedQuery:
        return query.ExpectedQuery(self.request.query, self.query_rules)

    @made_once
    def header_rules(self) -> Place:
        return compile_category(self.request.matching_rules, "header", lower_cased)

    @made_once
    def body_rules(self) -> Place:
        return body_rules(self.request.matching_rules, part_content_type(self.request))

    @made_once
    def body_check(self) -> BodyCheck:
        if len(self.request.body.content) <= _COMPILED_AT_ONCE:
            return self._compile_body()
        with budget.current().for_all():
            return self._compile_body()

    def _compile_body(self) -> BodyCheck:
        request = self.request
        part = ExpectedPart(request.body, part_content_type(request), request.headers, self.body_rules, strict=True)
        return compile_body(part, self.header_rules, self._body_compiler)

    @made_once
    def most_parts(self) -> int:
        """The score that query and headers can add at the most; more than that no request can reach."""
        return len(self.request.query or ()) + len(self.request.headers)

    def match(self, request: Request, path: PathMismatches | None = None) -> RequestResult:
        """Compare a request; `request` has its headers found in any case and a content type stored with its body.

        `path` is what `match_path` found, where it was asked before.
        """
        if path is None:
            path = self.match_path(request)
        if request.query is None and self.is_bare:
            return RequestResult(self.match_method(request), path, {}, {}, ())
        return RequestResult(
            self.match_method(request),
            path,
            self.match_query(request),
            headers.compare(self.request.headers, request.headers, self.header_rules),
            self.match_body(request),
        )

    @made_once
    def is_bare(self) -> bool:
        """Whether nothing is expected but a method and a literal path, as of most requests without a body."""
        expected = self.request
        says_more = expected.headers or expected.query or expected.query_text or expected.matching_rules
        return not says_more and expected.body.state is BodyState.MISSING

    def score_of_fields(self, request: Request) -> int:
        """Return what query and headers score (§6.2)."""
        found = headers.compare(self.request.headers, request.headers, self.header_rules)
        return score_of([*self.match_query(request).values(), *found.values()])

    def match_method(self, request: Request) -> MethodMismatch | None:
        """Compare the methods in any case; rules of the category `method` are ignored (§11 row 28)."""
        if self.request.method == request.method or self.request.method.upper() == request.method.upper():
            return None
        text = f"expected {self.request.method} but was {request.method}"
        return MethodMismatch(self.request.method, request.method, text)

    def match_path(self, request: Request) -> PathMismatches:
        """Compare the paths, still percent-encoded, under the rules of the category `path` or for equality (§5.4)."""
        expected, actual = self.request.path, request.path
        if self.path_rules is None:
            if expected == actual or (self.encoded_path is not None and self.encoded_path == paths.encoded(actual)):
                return ()
            problems = [f"Expected '{actual}' to be equal to '{expected}'"]
        else:
            try:
                problems = self.path_rules.string_problems(expected, actual, False)
                if problems and (decoded := paths.decoded(actual)) != actual:
                    as_read = self.path_rules.string_problems(expected, decoded, False)
                    problems = problems if as_read else []
            except OutOfBudget as error:
                return (undecided("path", "The path", expected, actual, error),)
        return tuple(PathMismatch(expected, actual, problem) for problem in problems)

    def match_query(self, request: Request) -> query.QueryMismatches:
        """Compare the queries parameter by parameter; without rules for them, V1 also compares their order."""
        if not (request.query or self.request.query or self.request.query_text):
            return {}
        found = self._expected_query.compare(request.query)
        if self.request.query_text is not None and self.query_rules is NO_RULES and not any(found.values()):
            found |= query.compare_texts(self.request.query_text, request.query_text or "")
        return found

    def match_body(self, request: Request) -> BodyMismatches:
        """Compare the bodies. What is nested too deep to be walked is a mismatch."""
        try:
            if self.body_check is accept_any_body:
                return ()
            return self.body_check(Part(request.body, part_content_type(request), request.headers))
        except OutOfBudget as error:
            return [undecided("body", "The body", str(self.request.body), str(request.body), error)]
        except (RecursionError, TooLarge):
            text = "The received body is nested too deep to be compared"
            return [BodyMismatch("$", self.request.body.content, request.body.content, text)]

    def __repr__(self) -> str:
        return f"<Expectation {self.index} {self.request.method} {self.request.path} {self.interaction.description!r}>"


def compile_expectation(
    interaction: HttpInteraction,
    index: int = 0,
    key: str = "",
    identity: str = "",
    body_compiler: BodyCompiler | None = None,
) -> Expectation:
    """Compile of an interaction what finds it, and make sure that the rest can be compiled.

    The body of its request may be compared by a plugin.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    request = interaction.request
    if not request.matching_rules and not request.body.content:
        return Expectation(interaction, index, key, identity)
    rules = request.matching_rules
    path_entries = rules.get("path", ())
    for category in ("header", "body", "query"):
        check_rules(rules.get(category, ()))
    path_rules = compile_rules(path_entries[0]) if path_entries else None
    expectation = Expectation(interaction, index, key, identity, path_rules, body_compiler)
    if request.body.content.count(b"{") + request.body.content.count(b"[") > _SURELY_NOT_TOO_DEEP:
        _ = expectation.body_check  # so that what is nested too deep is refused now
    return expectation


_SURELY_NOT_TOO_DEEP = 100

_COMPILED_AT_ONCE = 32 * 1024
"""How large a body may be so that its comparison is compiled in a few milliseconds."""
