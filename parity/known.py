"""How the differences that were decided on purpose are told: what shows that a row is the cause of a disagreement.

docs/differences.toml says what the rows are. Some say here how to take the difference out of a mismatch, so that all
else about it is still compared. The others look at the case and at both answers; they must be narrow, as
what a row takes for known nobody looks at again.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from pactmock.matching.texts.shortening import cut
from parity.answer import Answer, Reply
from parity.case import Case, Json
from parity.comparing import Comparison, Mend, as_it_is, compare
from parity.differences import difference
from parity.path import covers


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case that the two do not agree on."""

    case: Case
    reference: Answer
    own: Answer
    comparison: Comparison
    """What differs after the known differences were taken out."""
    undecided: bool = False
    """Whether the reference, asked several times, also gave the answer that pactmock gives."""

    @property
    def aspect(self) -> str:
        return self.comparison.signature[0] if self.comparison.signature else ""

    @property
    def pairs(self) -> Iterator[tuple[Reply, Reply]]:
        """The replies of both sides to each request."""
        for theirs, ours in zip(self.reference.phases, self.own.phases, strict=False):
            yield from zip(theirs.replies, ours.replies, strict=True)


def _never(_disagreement: Disagreement) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Row:
    """How a known difference is told: its number in docs/differences.toml, and what shows it."""

    number: int
    applies: Callable[[Disagreement], bool] = _never
    mend: Mend = as_it_is
    tell: Callable[[Case], Case] | None = None
    """Says what pactmock understands in words of the reference, where there are some; it must then decide the same."""

    @property
    def sentence(self) -> str:
        """What the difference is, in a line."""
        return difference(self.number).sentence


def mend(mismatch: Json) -> Json:
    """Take all known differences out of a mismatch."""
    for row in KNOWN:
        mismatch = row.mend(mismatch)
    return mismatch


def find(disagreement: Disagreement) -> list[Row]:
    """Return the rows that may explain a disagreement."""
    if disagreement.comparison.agrees:
        return [row for row in KNOWN if _explains(row, disagreement)]
    return [row for row in KNOWN if row.applies(disagreement)]


def _explains(row: Row, disagreement: Disagreement) -> bool:
    """Tell whether a row takes something out of the difference."""
    before = compare(disagreement.reference, disagreement.own)
    after = compare(disagreement.reference, disagreement.own, row.mend)
    return before.only_reference != after.only_reference or before.only_own != after.only_own


_PARTS = ("request", "response")


def _requests(case: Case) -> Iterator[Json]:
    return (interaction.get("request", {}) for interaction in case.interactions)


def _bodies(case: Case) -> Iterator[Json]:
    """The bodies of all requests and responses that have one."""
    for interaction in case.interactions:
        for part in _PARTS:
            if "body" in interaction.get(part, {}):
                yield interaction[part]["body"]


_V2_RULE = re.compile(r"\$\.(\w+?)s?\b\.?(.*)", re.DOTALL)
_QUOTED = re.compile(r"\['(.*)'\]")


def _split(name: str) -> tuple[str, str]:
    """Take apart the key of a V2 rule: its category, and the path or name in it."""
    found = _V2_RULE.fullmatch(name)
    if found is None:
        return "", name
    if found[1] == "body":
        return "body", "$" + name.removeprefix("$.body")
    quoted = _QUOTED.fullmatch(found[2])
    return found[1], quoted[1] if quoted else found[2]


def _entries(case: Case) -> Iterator[tuple[str, str, Json]]:
    """Category, path or name, and rule list of all rules of requests; those of V2 as V3 has them."""
    for request in _requests(case):
        rules = request.get("matchingRules", {})
        for name, value in rules.items():
            if name.startswith("$"):
                category, rest = _split(name)
                yield category, rest, {"matchers": [value]}
            elif "matchers" in value:
                yield name, "", value
            else:
                yield from ((name, path, entry) for path, entry in value.items())


def _all_start(lines: Sequence[str], *starts: str) -> bool:
    return all(line.startswith(starts) for line in lines)


def _best_scores(it: Disagreement) -> bool:
    """Row 2: with several interactions, pactmock found one that matches, and the reference another that scores more."""
    different = [
        (theirs, ours) for theirs, ours in it.pairs if (theirs.status, theirs.x_pact) != (ours.status, ours.x_pact)
    ]
    return (
        len(it.case.interactions) > 1
        and bool(different)
        and all(theirs.x_pact and not ours.x_pact for theirs, ours in different)
    )


def _undecided(it: Disagreement) -> bool:
    """Row 7: several rules are there to be chosen from."""
    return it.undecided and sum(1 for _ in _entries(it.case)) > 1


def _empty_each_value(it: Disagreement) -> bool:
    """Row 10: only the texts of an eachValue without rules, or what is below one, differ."""
    empty = [
        path
        for category, path, entry in _entries(it.case)
        for rule in entry["matchers"]
        if category == "body" and rule.get("match") == "eachValue" and not rule.get("rules")
    ]
    lines = [line for line in (*it.comparison.only_reference, *it.comparison.only_own) if line.startswith("Body")]
    return bool(empty) and all(_is_below(empty, line) for line in lines)


def _values_for_empty_each_value(case: Case) -> Case:
    return _with_rules(case, _each_value_as_values)


def _each_value_as_values(rules: Json) -> Json:
    """Replace each eachValue without rules, wherever it stands in the rules of a request."""
    if isinstance(rules, list):
        return [_each_value_as_values(item) for item in rules]
    if not isinstance(rules, dict):
        return rules
    if rules.get("match") == "eachValue" and not rules.get("rules"):
        return {"match": "values"}
    return {name: _each_value_as_values(item) for name, item in rules.items()}


def _with_rules(case: Case, change: Callable[[Json], Json]) -> Case:
    """Change the rules of all requests."""
    return replace(case, interactions=tuple(_with_rules_of(one, change) for one in case.interactions))


def _with_rules_of(interaction: Json, change: Callable[[Json], Json]) -> Json:
    request = interaction.get("request", {})
    if "matchingRules" not in request:
        return interaction
    return {**interaction, "request": {**request, "matchingRules": change(request["matchingRules"])}}


_PATH = re.compile(r'"path": "((?:[^"\\]|\\.)*)"')


def _objects_under_or(it: Disagreement) -> bool:
    """Row 15: only the reference finds more, all of it below rules with OR; parts of multipart start paths again."""
    ors = [path for category, path, entry in _entries(it.case) if category == "body" and entry.get("combine") == "OR"]
    more = [line for line in it.comparison.only_reference if line.startswith("BodyMismatch")]
    fewer = [line for line in it.comparison.only_own if line.startswith(("BodyMismatch", "request-"))]
    in_parts = all("MIME part '" in line for line in more)
    return bool(ors and more) and not fewer and (in_parts or all(_is_below(ors, line) for line in more))


def _is_below(paths: Sequence[str], line: str) -> bool:
    """Tell whether the mismatch of a line is at, or below, one of these paths."""
    found = _PATH.search(line)
    return found is not None and any(covers(path, found[1]) for path in paths)


def _is_xml(case: Case) -> bool:
    return any(wire.body.lstrip().startswith(b"<") for wire in case.requests)


def _indexes_in_xml(it: Disagreement) -> bool:
    """Row 19: a rule for XML has `[*]` in its path."""
    return _is_xml(it.case) and any(category == "body" and "[*]" in path for category, path, _ in _entries(it.case))


def _without_indexes(case: Case) -> Case:
    return _with_rules(case, _without_index_steps)


def _without_index_steps(rules: Json) -> Json:
    """Take `[*]` out of the paths of rules for bodies: keys of V2 rules, keys in the category of later ones."""
    if "body" in rules:
        return {**rules, "body": _without_index_steps(rules["body"])}
    plain = {path: entry for path, entry in rules.items() if "[*]" not in path}
    return {path.replace("[*]", ""): entry for path, entry in reversed(rules.items())} | plain


def _names_as_written(it: Disagreement) -> bool:
    """Row 19: a rule names an element without its namespace, and so is found here only."""
    lines = [line for line in it.comparison.only_own if line.startswith("BodyMismatch")]
    plain = any(category == "body" and "urn:" not in path for category, path, _ in _entries(it.case))
    return _is_xml(it.case) and plain and bool(lines) and all("urn:" in line for line in lines)


def _sizes_in_xml(it: Disagreement) -> bool:
    """Row 65: a rule with `min` or `max` on an element, and only what is said of it and of what is in it differs."""
    sized = {
        path.replace("[*]", ""): rule
        for category, path, entry in _entries(it.case)
        for rule in entry["matchers"]
        if category == "body" and {"min", "max"} & rule.keys()
    }
    lines = [line for line in (*it.comparison.only_reference, *it.comparison.only_own) if line.startswith("Body")]
    if any(rule.get("min") in {0, "0"} for rule in sized.values()):
        lines = [line for line in lines if "Expected child <" not in line]
    return _is_xml(it.case) and bool(sized) and all(_is_below(list(sized), line) for line in lines)


def _cookie_order(it: Disagreement) -> bool:
    """Row 68: only what is said of cookies for which there is no rule differs."""
    ruled = any(category == "header" and name.lower() == "cookie" for category, name, _ in _entries(it.case))
    found = _mismatches(it)
    return not ruled and bool(found) and all(header.get("key", "").lower() == "cookie" for header in found)


_TYPED = re.compile(r"to have value '(.*)' but was '(.*)'", re.DOTALL)


def _spelling_of_types(it: Disagreement) -> bool:
    """Row 77: only the reference finds something, and that about types that are spelled in another way."""
    others = [mismatch for mismatch in _mismatches(it) if mismatch.get("key", "").lower() != "cookie"]
    found = [_TYPED.search(mismatch["mismatch"]) for mismatch in others]
    return bool(found) and all(one and _plain_type(one[1]) <= _plain_type(one[2]) for one in found)


def _plain_type(value: str) -> frozenset[str]:
    return frozenset(piece.strip().replace('"', "") for piece in value.lower().split(";"))


def _mismatches(it: Disagreement) -> list[Json]:
    """Return all mismatches that one side alone has."""
    lines = (*it.comparison.only_reference, *it.comparison.only_own)
    return [json.loads(line[line.index("{") :]) for line in lines if "Mismatch {" in line]


def _graphql(it: Disagreement) -> bool:
    """Row 69: a body of that type is there, and only what is said of bodies, or is written of them, differs."""
    lines = (*it.comparison.only_reference, *it.comparison.only_own)
    starts = ("Body", "re", "missing", "accepted", "written/request/body", "written/response/body")
    return "application/graphql" in repr(it.case) and _all_start(lines, *starts)


def _nearer_examples(it: Disagreement) -> bool:
    """Row 76: both answered, one with another of several interactions that have rules."""
    different = [(theirs, ours) for theirs, ours in it.pairs if _is_other(theirs, ours)]
    ruled = [request for request in _requests(it.case) if request.get("matchingRules")]
    lines = (*it.comparison.only_reference, *it.comparison.only_own)
    answered = all(not theirs.x_pact and not ours.x_pact for theirs, ours in different)
    return len(it.case.interactions) > 1 and bool(ruled) and answered and _all_start(lines, "reply", "missing")


def _is_other(theirs: Reply, ours: Reply) -> bool:
    if theirs.x_pact or ours.x_pact:
        return theirs.x_pact != ours.x_pact
    return (theirs.status, theirs.body) != (ours.status, ours.body)


_PART_NAME = re.compile(r'form-data; name="([^"]*)"')


def _repeated_parts(it: Disagreement) -> bool:
    """Row 66: several expected parts have one name, and only what is said of that name differs."""
    repeated = {name for body in _bodies(it.case) for name in _repeated_names(body)}
    lines = [line for line in (*it.comparison.only_reference, *it.comparison.only_own) if line.startswith("Body")]
    return bool(repeated) and all(any(_is_about_part(name, line) for name in repeated) for line in lines)


def _repeated_names(body: Json) -> Iterator[str]:
    text = body.get("content") if isinstance(body, dict) else body
    if isinstance(body, dict) and body.get("encoded") == "base64":
        text = b64decode(body["content"]).decode("latin-1")
    names = Counter(_PART_NAME.findall(text)) if isinstance(text, str) else Counter()
    return (name for name, count in names.items() if count > 1)


def _is_about_part(name: str, line: str) -> bool:
    """Tell whether a mismatch names a part: in its text, or as the first step of its path."""
    return f" '{name}'" in line or _is_below([f"$['{name}']"], line)


def _type_rules(it: Disagreement) -> bool:
    """Row 22: there is a rule on the header Content-Type, and one side looked into the bodies, the other not."""
    ruled = any(category == "header" and path.lower() == "content-type" for category, path, _ in _entries(it.case))
    lines = (*it.comparison.only_reference, *it.comparison.only_own)
    return ruled and any(line.startswith("BodyTypeMismatch") or "Expected empty body" in line for line in lines)


_INDEX = re.compile(r" (?:for value )?at index \d+")
_EXPRESSION = re.compile(r"\$\.([\w*]+)|\$\['(.*)'\]|\$(?:\[(\d+)\]|(\[\*\]))")


def _without_list_names(mismatch: Json) -> Json:
    """Row 27: which value it was, and how a list of values is named."""
    member = {"HeaderMismatch": "key", "QueryMismatch": "parameter"}.get(mismatch["type"])
    if member is None:
        return mismatch
    found = _EXPRESSION.fullmatch(mismatch[member])
    name = found[found.lastindex or 0] if found else mismatch[member]
    return {**mismatch, member: name.lower(), "mismatch": _INDEX.sub("", mismatch["mismatch"])}


def _null_bodies(it: Disagreement) -> bool:
    """Row 31: a body that is null in the file, or a JSON null that is written as the text of a document."""
    if it.aspect == "written" and any(
        f"written/{part}/body/content = null" in it.comparison.only_reference for part in _PARTS
    ):
        lines = (*it.comparison.only_reference, *it.comparison.only_own)
        return _all_start(lines, "written/request/body", "written/response/body")
    if not any(
        body is None or (isinstance(body, dict) and body.get("content", 0) is None) for body in _bodies(it.case)
    ):
        return False
    if it.aspect == "written":
        lines = (*it.comparison.only_reference, *it.comparison.only_own)
        return _all_start(lines, "written/request/body", "written/response/body")
    texts = [line for line in it.comparison.only_reference if line.startswith("Body")]
    return all(_is_about_null(*pair) for pair in it.pairs) and all(
        '"mismatch": "Expected empty body' in line for line in texts
    )


def _is_about_null(theirs: Reply, ours: Reply) -> bool:
    """The replies are the same, or pactmock sends the null, or takes one where the reference wants no body."""
    if (theirs.status, theirs.x_pact) == (ours.status, ours.x_pact):
        return bool(theirs.x_pact) or theirs.body == ours.body or (theirs.body, ours.body) == (b"", b"null")
    return theirs.x_pact == "Request-Mismatch" and not ours.x_pact


_VARIANTS = re.compile(r"(using \w+)\((?=.*ArrayContains|.*MatchingRuleCategory).*", re.DOTALL)


def _without_variant_order(mismatch: Json) -> Json:
    """Row 63: in which order the rules of a variant are shown."""
    return {**mismatch, "mismatch": _VARIANTS.sub(r"\1…", mismatch["mismatch"])}


_QUERY = "written/request/query = "
_NAMED_RULES = tuple(f"written/request/matchingRules/{category}" for category in ("$", "query/", "header/"))


def _written_rest(it: Disagreement) -> tuple[str, ...]:
    """What differs in the written pacts beside what rows 33, 38 and 61 say."""
    theirs, ours = it.comparison.only_reference, it.comparison.only_own
    rest = [line for line in (*theirs, *ours) if not line.startswith(_QUERY)]
    if _has_odd_rule_names(it.case):
        rest = [line for line in rest if not line.startswith(_NAMED_RULES)]
    for part in _PARTS:
        if _untyped(part) in theirs:
            rest = [line for line in rest if not line.startswith(f"written/{part}/body")]
    queries = [sorted(map(_decoded, (line for line in side if line.startswith(_QUERY)))) for side in (theirs, ours)]
    return (*rest, *(("queries",) if queries[0] != queries[1] else ()))


def _decoded(query: str) -> str:
    """Decode what both can write; other characters are code points on one side and UTF-8 on the other."""
    return "".join(character for character in unquote_plus(query, "latin-1") if "!" <= character <= "~")


def _encoded_queries(it: Disagreement) -> bool:
    """Row 33: the query of a V2 file says the same when it is decoded."""
    return it.aspect == "written" and _QUERY in "".join(it.comparison.only_own) and not _written_rest(it)


_PLAIN_KEY = re.compile(r"\$\.(?:query|headers|header)(?:\.|\[')[A-Za-z0-9][\w-]*(?:'\])?")


def _has_odd_rule_names(case: Case) -> bool:
    keys = [key for request in _requests(case) for key in request.get("matchingRules", {})]
    return any(key.startswith(("$.query", "$.header")) and not _PLAIN_KEY.fullmatch(key) for key in keys)


def _odd_rule_names(it: Disagreement) -> bool:
    """Row 38: names in the rules of a V2 file that the reference parses once more."""
    if not _has_odd_rule_names(it.case):
        return False
    if it.aspect == "written":
        return not _written_rest(it)
    return it.aspect == "refused" or _all_start(it.comparison.only_reference, "Query", "Header", "re", "missing")


def _quoted_paths(it: Disagreement) -> bool:
    """Row 39: the reference refuses a pact with such a path."""
    parts = (interaction.get(part, {}) for interaction in it.case.interactions for part in _PARTS)
    paths = (path for part in parts for path in part.get("matchingRules", {}).get("body", ()))
    return it.aspect == "refused" and it.own.refused is None and any("\\'" in path for path in paths)


def _as_v3(case: Case) -> Case:
    """Say the same in V3, where the names of rules are not parsed."""
    return replace(_with_rules(case, _categorised), version="V3", written_as=None)


def _categorised(rules: Json) -> Json:
    """Write the rules of a V2 request as V3 has them."""
    found: dict[str, Json] = {}
    for key, rule in rules.items():
        category, name = _split(key)
        entry = {"matchers": [rule]}
        if category == "path":
            found["path"] = entry
        else:
            found.setdefault(category, {})[name] = entry
    return found


def _untyped(part: str) -> str:
    return f'written/{part}/body/contentType = "*/*"'


def _untyped_bodies(it: Disagreement) -> bool:
    """Row 61: the body of a response, or of a request, has no type in the reference's file."""
    theirs = it.comparison.only_reference
    return it.aspect == "written" and any(_untyped(part) in theirs for part in _PARTS) and not _written_rest(it)


def _escaped(body: Json) -> bool:
    return isinstance(body, str) and json.dumps(body, ensure_ascii=False) != f'"{body}"' and not _is_document(body)


def _is_document(text: str) -> bool:
    try:
        return isinstance(json.loads(text), str | dict)
    except ValueError:
        return False


def _json_texts(it: Disagreement) -> bool:
    """Row 73: before V4, a body is a text that JSON escapes."""
    return it.aspect != "written" and it.case.version != "V4" and any(map(_escaped, _bodies(it.case)))


def _in_quotes(case: Case) -> Case:
    """Write the texts that are meant as JSON strings as JSON."""
    interactions = deepcopy(case.interactions)
    for interaction in interactions:
        for part in _PARTS:
            body = interaction.get(part, {}).get("body")
            if _escaped(body):
                interaction[part]["body"] = json.dumps(body, ensure_ascii=False)
    return replace(case, interactions=interactions)


def _written_texts(it: Disagreement) -> bool:
    """Row 73: only bodies that are texts were written with quotes, or as the base64 of what is no JSON."""
    theirs, ours = it.comparison.only_reference, it.comparison.only_own
    bodies = tuple(f'written/{part}/body = "' for part in _PARTS)
    return it.aspect == "written" and _all_start((*theirs, *ours), *bodies) and all('= "\\"' in line for line in ours)


def _shown_texts(it: Disagreement) -> bool:
    """Row 73: the requests of failures differ only in whether a text has its quotes."""
    theirs, ours = (sorted(map(_unquoted, side)) for side in (it.comparison.only_reference, it.comparison.only_own))
    return theirs == ours


def _unquoted(line: str) -> str:
    """Take the quotes from a text that is the body of the request in a line."""
    start, brace, document = line.partition(" {")
    shown = json.loads(brace + document) if brace else {}
    request: dict[str, Json] = shown.get("request") or {}
    body = request.get("body")
    if not isinstance(body, str) or not body.startswith('"') or not _is_document(body):
        return line
    return f"{start} {json.dumps({**shown, 'request': {**request, 'body': json.loads(body)}}, ensure_ascii=False)}"


_BODY = re.compile(r'(written/(?:request|response)/body) = ("(?:[^"\\]|\\.)*")', re.DOTALL)


def _texts_in_base64(it: Disagreement) -> bool:
    """Row 79: only bodies were written otherwise, and what pactmock wrote is the base64 of what the reference did."""
    theirs, ours = (
        {found[1]: json.loads(found[2]) for line in side if (found := _BODY.fullmatch(line))}
        for side in (it.comparison.only_reference, it.comparison.only_own)
    )
    are_all = len(theirs) == len(it.comparison.only_reference) and len(ours) == len(it.comparison.only_own)
    encoded = {place: b64encode(text.encode()).decode() for place, text in theirs.items()}
    return are_all and bool(ours) and ours == encoded


def _cut_texts(mismatch: Json) -> Json:
    """Row 78: what is longer than a kilobyte is compared as far as pactmock shows it, and by its length."""
    return {name: cut(value) if isinstance(value, str) else value for name, value in mismatch.items()}


_HEADER_TEXT = re.compile(r"(written/(?:request|response)/headers/[^/ ]+) = ")
_HEADER_ITEM = re.compile(r"(written/(?:request|response)/headers/[^/ ]+)/\d+ = ")


def _header_lists(it: Disagreement) -> bool:
    """Row 74: before V4, only headers were written otherwise, one text by the reference for what is a list here."""
    theirs, ours = it.comparison.only_reference, it.comparison.only_own
    lists = {found[1] for line in ours if (found := _HEADER_ITEM.match(line))}
    texts = {found[1] for line in theirs if (found := _HEADER_TEXT.match(line))}
    return (
        it.aspect == "written" and texts == lists and len(texts) == len(theirs) and all(map(_HEADER_ITEM.match, ours))
    )


KNOWN: tuple[Row, ...] = (
    Row(7, _undecided),
    Row(10, _empty_each_value, tell=_values_for_empty_each_value),
    Row(15, _objects_under_or),
    Row(19, _indexes_in_xml, tell=_without_indexes),
    Row(19, _names_as_written),
    Row(22, _type_rules),
    Row(65, _sizes_in_xml),
    Row(66, _repeated_parts),
    Row(68, _cookie_order),
    Row(69, _graphql),
    Row(76, _nearer_examples),
    Row(77, _spelling_of_types),
    Row(27, mend=_without_list_names),
    Row(31, _null_bodies),
    Row(33, _encoded_queries),
    Row(39, _quoted_paths),
    Row(38, _odd_rule_names, tell=_as_v3),
    Row(74, _header_lists),
    Row(73, _json_texts, tell=_in_quotes),
    Row(73, _written_texts),
    Row(73, _shown_texts),
    Row(2, _best_scores),
    Row(61, _untyped_bodies),
    Row(79, _texts_in_base64),
    Row(63, mend=_without_variant_order),
    Row(78, mend=_cut_texts),
)
"""How the rows that requests to a mock server can show are told; the first that explains a case is named."""
