"""How many there are of something, as a sentence says it."""


def counted(number: int, noun: str) -> str:
    """Say a number with its noun: `1 problem`, `1,200 problems`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
