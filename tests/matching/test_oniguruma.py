"""Patterns mean what they mean to Oniguruma, which the reference runs them with (reference/matching.md §0.3)."""

from __future__ import annotations

import importlib.util
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.patterns.pattern import compile_pattern


def matches(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).problem(text) is None


MEANINGS = [
    (r"a{2}?", ["", "aa"], ["a"]),
    (r"a{2}+", ["aa", "aaaa"], ["aaa"]),
    (r"a{1,2}?b", ["ab", "aab"], ["b"]),
    (r"a{2}{3}", ["aaaaaa"], ["aaaaa"]),
    (r"a+?*", ["", "aaa"], ["b"]),
    (r"(?:ab){,2}", ["", "abab"], ["ababab"]),
    (r"a{,|a{x}", ["a{,", "a{x}"], ["a"]),
    (r"a++b", ["aab"], ["b"]),
    (r"\h+", ["0fA"], ["g"]),
    (r"\H[\h]", ["g0"], ["00"]),
    (r"\w+", ["é_1", "²", "ʰ"], ["-", "\u200d", "①"]),
    (r"[\w.]+", ["é.1"], ["²"]),
    (r"[^\W\d]+", ["aé"], ["1", "-"]),
    (r"\R", ["\n", "\r\n", "\u2028"], ["a"]),
    (r"\X", ["e\u0301"], ["ab"]),
    (r"\N\O", ["a\n"], ["\na"]),
    (r"\e\cA\C-b", ["\x1b\x01\x02"], ["eAb"]),
    (r"\x41\x{42}\u0043\x9", ["ABC\t"], ["abc"]),
    (r"\Qa.c\E", ["QabcE"], ["a.c"]),
    (r"[[:alpha:][:^alpha:]]", ["a", "1"], ["aa"]),
    (r"[[:digit:]]+", ["1٣"], ["a"]),
    (r"[a[b-c]]", ["a", "b", "c"], ["d", "["]),
    (r"[a-z&&[^aeiou]]+", ["xyz"], ["a"]),
    (r"[]a|~]+", ["]a|~"], ["b"]),
    (r"[^]a]", ["b"], ["]", "a"]),
    (r"(?m).", ["\n", "a"], ["ab"]),
    (r"(?i)a(?-i)b", ["Ab", "ab"], ["AB"]),
    (r"a(?i)b|c", ["aB", "aC"], ["Ab", "c", "C"]),
    (r"(a(?i)b)c", ["aBc"], ["aBC"]),
    (r"(?i:a)b", ["Ab"], ["AB"]),
    (r"(?i)\p{Lu}", ["A"], ["a"]),
    ("(?x: a [ b] # )(\n c )d(?#a comment)", ["abcd", "a cd"], [" a b cd"]),
    ("(?x) a # b", ["a"], ["a # b"]),
    ("(?x) a (?-x) b", ["a b"], ["ab"]),
    ("(?x:a (b c) +)", ["abc", "abcbc"], ["a bc"]),
    (r"(?<n>a|b)\k<n>", ["aa", "bb"], ["ab"]),
    (r"(a|b)\1", ["aa"], ["ab"]),
    (r"(?<n>a|b)\g<n>", ["ab"], ["ac"]),
    (r"(?<n>\(\g<n>?\))", ["()", "((()))"], ["(()"]),
    (r"(a)?(?(1)b|c)", ["ab", "c"], ["ac", "b"]),
    (r"(?<n>a)?(?(<n>)b|c)", ["ab", "c"], ["ac", "b"]),
    (r"(?>a|ab)c", ["ac"], ["abc"]),
    (r"^a$\n^b$", ["a\nb"], ["ab"]),
    (r"(?m:.)+^", [], ["a\n"]),
    (r"a\Z\n?", ["a", "a\n"], ["a\n\n"]),
    (r"\Aa\z", ["a"], ["a\n"]),
]


@pytest.mark.parametrize(("pattern", "fitting", "other"), MEANINGS)
def test_a_pattern_means_what_it_means_to_the_reference(pattern: str, fitting: list[str], other: list[str]) -> None:
    assert [text for text in fitting if not matches(pattern, text)] == []
    assert [text for text in other if matches(pattern, text)] == []


NO_OPTION = (
    "undefined group option: as in Ruby, a group has its name in (?<name>...), and (?m) lets a dot match newlines"
)
REFUSED = [
    ("*a", "target of repeat operator is not specified"),
    ("a|+b", "target of repeat operator is not specified"),
    ("^*", "target of repeat operator is invalid"),
    ("(?=a)*", "target of repeat operator is invalid"),
    ("(?<!a){2}", "target of repeat operator is invalid"),
    (r"a\b+", "target of repeat operator is invalid"),
    ("(a", "end pattern with unmatched parenthesis"),
    ("(?i", NO_OPTION),
    ("a)", "unmatched close parenthesis"),
    ("(?i)a)", "unmatched close parenthesis"),
    ("[a", "premature end of char-class"),
    ("[[a]", "premature end of char-class"),
    ("[[:alpha:]", "premature end of char-class"),
    ("[[:foo:]]", "invalid POSIX bracket type"),
    ("a\\", "end pattern at escape"),
    ("(?s).", NO_OPTION),
    ("(?P<n>a)", NO_OPTION),
    (r"(?<n>a)\1", "numbered backref/call is not allowed. (use name)"),
    (r"\x{110000}", "too big wide-char value"),
    (r"\y", r"pactmock knows no \y"),
]


@pytest.mark.parametrize(("pattern", "reason"), REFUSED)
def test_a_pattern_that_the_reference_cannot_read_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(InvalidRule) as caught:
        compile_pattern(pattern)
    assert caught.value.message == f"'{pattern}' is not a valid regular expression - {reason}"


@pytest.mark.parametrize("pattern", [r"\1", r"(?<n>a)\k<m>", r"\p{Foo}", "[]", "[b-a]", r"\g<n>"])
def test_a_pattern_that_nobody_can_read_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidRule, match="is not a valid regular expression - "):
        compile_pattern(pattern)


@pytest.mark.parametrize("opening", ["[", "(", "(?:", "[^", "(?i)", "(?i"])
def test_a_pattern_that_is_nested_too_deep_is_refused(opening: str) -> None:
    closing = "]" if opening.startswith("[") else "" if opening == "(?i)" else ")"
    with pytest.raises(InvalidRule):
        compile_pattern(opening * 5000 + "a" + closing * 5000)


ATOMS = r"""
    a b 1 . \d \w \s \D \W \S \h \H \A \z \Z ^ $ \R \X \n \x41 \x{41} \101 \e \. \- \p{L} \P{L} \p{^L} \p{Lu} [abc] \cA
    [^abc] [[:alpha:]] [^[:space:]] [a-z&&[^b]] [a[bc]] []a] [^]a] [-a] [\d-] [\w.] [\h] (a) (?:b) (?<n>a) (?=a) (?!b)
    (?<=a) (?<!b) (?>a|ab) (?i)a (?i:B) (?x:#) (?m). (?m:.) (?im)a. (?-i)a (a|b) (?:a|) { } ] {1 a{, é - / @ \\ a|b \G
""".split()  # noqa: SIM905  a list of strings hides the patterns
QUANTIFIERS = "* + ? {2} {1,2} {1,} {,2} *? +? ?? *+ ++ ?+ {2}+ {1,2}? {2}{2} ** +* ?* {0} {2}?".split()  # noqa: SIM905
TEXTS = [
    *"a b A ab aa abab aaaa 1 a1 é É abc - _ / { } ] {1 ٣ ² 漢 e\u0301 a. \\ 0 f g fA @ a{, a{2}".split(),  # noqa: SIM905
    *("", "\n", "a\n", "\na", "a\nb", "\r\n", " ", "\t", "\x0b", "\u00a0", "\x1b", "\x01", "\u200d"),
]

pieces = st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from([*QUANTIFIERS, *[""] * len(QUANTIFIERS)]))


def ours(pattern: str, texts: list[str]) -> list[str]:
    """Return the texts that match; none does where the pattern is refused."""
    try:
        return [text for text in texts if matches(pattern, text)]
    except InvalidRule:
        return []


def theirs(pattern: str, texts: list[str]) -> list[str]:
    from pact_ffi.ffi import lib

    return [text for text in texts if lib.pactffi_check_regex(pattern.encode(), text.encode())]


needs_the_library = pytest.mark.skipif(
    importlib.util.find_spec("pact_ffi") is None, reason="the package pact-python-ffi is not installed"
)


@needs_the_library
@given(st.lists(pieces, min_size=1, max_size=3).map("".join))
def test_the_native_library_decides_the_same_for_random_patterns(pattern: str) -> None:
    assert ours(pattern, TEXTS) == theirs(pattern, TEXTS)


@needs_the_library
def test_the_native_library_decides_the_same_for_the_patterns_above() -> None:
    for pattern, fitting, other in MEANINGS:
        assert theirs(pattern, [*fitting, *other]) == fitting, pattern
    for pattern, reason in REFUSED:
        if not reason.startswith("pactmock"):
            assert theirs(pattern, TEXTS) == [], pattern


@pytest.mark.parametrize(
    "pattern",
    ["a{100001}", "a{1000000000}", "a{,100001}", "(((a{1000}){1000}){1000}){1000}", "(?:ab?){999}{999}", "a{50001}"],
)
def test_what_would_take_all_memory_to_be_compiled_is_refused_before(pattern: str) -> None:
    started = time.thread_time()
    with pytest.raises(
        InvalidRule, match=r"is not a valid regular expression - (too big number|its repeats make more)"
    ):
        compile_pattern(pattern)
    assert time.thread_time() - started < 5


@pytest.mark.parametrize("pattern", [r"[0-9a-f]{64}", r"\w{0,100000}", r"(?:[^,]{1,255},){0,1000}", r"(?:\d{3}){1000}"])
def test_repeats_that_somebody_may_mean_are_taken(pattern: str) -> None:
    compile_pattern(pattern)


def test_a_pattern_that_calls_itself_for_ever_is_given_up_before_it_takes_much_memory() -> None:
    """It took 618 MB, and the request was a 500."""
    with pytest.raises(OutOfBudget, match=r"was given up on 'ab' after 0\.0\d+ second"):
        compile_pattern(r"(?<a>\g<a>?a)").problem("ab")


@pytest.mark.parametrize(
    "pattern",
    [r"(?<a>\g<a>)", r"(?<a>x\g<a>)", r"(\g<1>)", r"(?<a>b\g<b>)(?<b>\g<a>|\g<a>c)", r"(?<a>(?:\g<a>)+|x\g<a>)"],
)
def test_a_group_that_cannot_do_without_itself_is_refused_as_oniguruma_does(pattern: str) -> None:
    with pytest.raises(InvalidRule, match="never ending recursion"):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<a>x\g<a>?y)", "xxyy"),
        (r"(?<a>\(\g<a>*\))", "(()())"),
        (r"(?<a>1|\g<b>)(?<b>-\g<a>)", "1--1"),
        (r"(?<a>a|b\g<a>c){2}", "abac"),
        (r"(?<n>\d)+\g<n>", "12"),
    ],
)
def test_groups_that_may_end_can_call_themselves(pattern: str, text: str) -> None:
    assert matches(pattern, text)
