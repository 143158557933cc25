"""Texts for regular expressions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.maker import CannotGenerate
from pactmock.generators.regex_text import compile_texts
from pactmock.matching.patterns.pattern import compile_pattern

PATTERNS = [
    r"\d+", r"^\d{4}-\d{2}$", r"[a-z]{3,}", r"(foo|bar)+", r"^$", r"", r"\w*", r".*(\/orders\/\d+)$", r"[^abc]{5}",
    r"\h{8}-\h{4}", r"[\h-]+", r"\H", r"[[:alpha:]]{4}", r"[[:^alpha:]_]{4}", r"\p{Alpha}\p{Lu}\P{L}", r"\p{^Digit}",
    r"(?<y>\d{2})-\k<y>", r"(a)(b)\2\1", r"(?i)abc", r"(?i:abc)d", r"(?m)a.b", r"(?x) a b # c", r"a++b", r"(?>ab|c)d",
    r"[a-z&&[^aeiou]]{4}", r"\x{41}\x42", r"\$\d+\$", r"a\$", r"^a$|^b$", r"\bfoo\b", r"\Aab\z", r"\s+", r"\S{3}\D\W",
    r"[\u4e00-\u9fa5]{2}", r"é+", r"[\]\-]", r"[]a]", r"[^]a]", r"\R", r"\d{200}", r"x{0,500}", r"a{,3}", r"a|",
    r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}", r"^https?://[^/\s]+/\w+$", r"(?<!a)b", r"^(?!foo)[a-z]{3}$",
    r"(?=.*\d)[a-z0-9]{8}", r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
]  # fmt: skip


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - example data


@given(st.sampled_from(PATTERNS), st.integers(0, 2**32))
def test_the_whole_pattern_matches_the_text(pattern: str, seed: int) -> None:
    assert compile_pattern(pattern).problem(compile_texts(pattern).make(seeded(seed))) is None


@given(st.sampled_from(PATTERNS), st.integers(0, 2**32))
def test_a_seed_makes_the_text_again(pattern: str, seed: int) -> None:
    texts = compile_texts(pattern)
    assert texts.make(seeded(seed)) == texts.make(seeded(seed))


def test_a_seed_counts_in_other_processes_too() -> None:
    program = (
        "from random import Random; from pactmock.generators.regex_text import compile_texts;"
        "print(ascii([compile_texts(p).make(Random(7)) for p in (r'[^abc]{9}', r'\\W{9}', r'\\D.[^\\d]')]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@given(st.integers(0, 2**32), st.sampled_from([("a*", 0), ("a+", 1), ("a{5,}", 5), ("a+?", 1)]))
def test_what_has_no_limit_repeats_up_to_twenty_times_more(seed: int, case: tuple[str, int]) -> None:
    pattern, least = case
    assert least <= len(compile_texts(pattern).make(seeded(seed))) <= least + 20


@given(st.integers(0, 2**32))
def test_texts_can_stand_in_a_header(seed: int) -> None:
    assert compile_texts(r".{5}\s{5}[^a]{5}\W{5}\D{5}").make(seeded(seed)).isprintable()


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "\\", "(?P<1>a)"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidRule, match="is not a valid regular expression"):
        compile_texts(pattern)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\p{Han}", "only matched"),
        (r"(?<=a)b", "no text was found"),
        (r"a^b", "no text was found"),
        (r"[^ -~]", "allows no character"),
        (r"(\w{0,1000}){1000}", "too long"),
        (r"((((a*)*)*)*)*", "too long"),
    ],
)
def test_what_cannot_be_made_says_why(pattern: str, reason: str) -> None:
    texts = compile_texts(pattern)
    with pytest.raises(CannotGenerate, match=reason):
        [texts.make(seeded(seed)) for seed in range(20)]


@given(st.text(st.sampled_from(r"ab01()[]{}^$.|?*+\-&:<>=!hpPdDwWsSkRzZ,"), max_size=12), st.integers(0, 9))
def test_any_pattern_is_refused_or_gives_up_or_is_matched(pattern: str, seed: int) -> None:
    try:
        text = compile_texts(pattern).make(seeded(seed))
    except (InvalidRule, CannotGenerate):
        return
    assert compile_pattern(pattern).problem(text) is None


@given(st.integers(0, 2**32))
def test_a_written_limit_is_used_to_its_end(seed: int) -> None:
    assert re.fullmatch("a{90,120}", compile_texts("a{90,120}").make(seeded(seed)))
