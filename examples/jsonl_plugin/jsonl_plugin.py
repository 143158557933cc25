"""A plugin to copy: JSON Lines, bodies with a JSON object in each line, as logs and exports have them.

A test describes one line, and each line that is received must look like it. Fields have matching rule definitions, or
plain JSON values that must come exactly so:

    {"line": {"id": "matching(integer, 7)", "at": "matching(date, 'yyyy-MM-dd', '2000-01-31')", "kind": "login"}}
"""

from collections.abc import Iterator, Sequence

from pactmock import plugins

TYPE = "application/x-ndjson"


class JsonlPlugin(plugins.Plugin):
    # A pact that needs a plugin says so, by this name and with this version.
    name = "jsonl"
    version = "0.1.0"

    # What the plugin is for: hosts ask it about bodies of these types.
    def catalogue(self) -> Sequence[plugins.CatalogueEntry]:
        return plugins.content_entries("jsonl", TYPE, "application/jsonl")

    # A test describes a body. The answer goes into the pact: an example, and rules and generators for what is in it.
    # Under which paths they stand is up to the plugin; it gets them back as they are.
    def configure_interaction(self, request: plugins.ConfigureRequest) -> plugins.Configured:
        line = request.config.get("line")
        if not isinstance(line, dict):
            raise plugins.PluginError(
                "JSON Lines need a member 'line', an object with a definition or a value for each field"
            )
        texts = {field: text for field, text in line.items() if isinstance(text, str) and plugins.is_definition(text)}
        found = {field: plugins.parse_definition(text) for field, text in texts.items()}
        example = {**line, **{field: definition.example for field, definition in found.items()}}
        part = plugins.ConfiguredPart(
            plugins.Contents(_write(example), TYPE),
            rules={
                f"$.{field}": tuple(plugins.resolve_reference(rule, ()) for rule in made.rules)
                for field, made in found.items()
            },
            generators={f"$.{field}": made.generator for field, made in found.items() if made.generator},
        )
        return plugins.Configured([part])

    # A body was received. The answer says what is wrong with it; when nothing is, it matches.
    def compare_contents(self, request: plugins.CompareRequest) -> Sequence[plugins.ContentMismatch]:
        expected, actual = _read(request.expected), _read(request.actual)
        if not expected or not actual:
            counts = f"Expected {len(expected)} line(s), but got {len(actual)}"
            return [plugins.ContentMismatch(counts)] if expected or actual else []
        return [
            found for i, line in enumerate(actual, 1) for found in _compare(expected[0], line, f"line {i}", request)
        ]

    # A body is to be sent, and values in it are to be generated.
    def generate_content(self, request: plugins.GenerateRequest) -> plugins.Contents:
        lines = _read(request.contents)
        context = plugins.context_of(request)
        for path, generator in request.generators.items():
            field, maker = path.removeprefix("$."), plugins.compile_generator(generator)
            for line in lines if maker.mode in (None, context.mode) else ():
                try:
                    line[field] = maker.json(line.get(field), context)
                except plugins.CannotGenerate as reason:
                    raise plugins.PluginError(f"The field '{field}' cannot be generated: {reason}") from None
        return plugins.Contents(b"".join(map(_write, lines)), TYPE)


def _compare(
    expected: dict[str, plugins.Json], actual: dict[str, plugins.Json], where: str, request: plugins.CompareRequest
) -> Iterator[plugins.ContentMismatch]:
    for field, example in expected.items():
        value = actual.get(field)  # a field that is missing counts as null
        for rule in request.rules.get(f"$.{field}", [plugins.Equality()]):
            problem = plugins.compile_json_check(rule)(example, value, False)
            if problem:
                shown = plugins.json_bytes(example), plugins.json_bytes(value)
                yield plugins.ContentMismatch(problem, f"{where}: $.{field}", *shown)
    for field in [] if request.allow_unexpected_keys else sorted(actual.keys() - expected.keys()):
        yield plugins.ContentMismatch(f"Expected no field '{field}'", f"{where}: $.{field}")


def _read(contents: plugins.Contents | None) -> list[dict[str, plugins.Json]]:
    # None is a body that is not there. Text that is no JSON is an error, which hosts show as a mismatch.
    lines = [plugins.parse_json(line) for line in contents.content.splitlines() if line.strip()] if contents else []
    if not all(isinstance(line, dict) for line in lines):
        raise plugins.PluginError("Each line of JSON Lines has to be a JSON object")
    return lines


def _write(line: plugins.Json) -> bytes:
    return plugins.json_bytes(line) + b"\n"
