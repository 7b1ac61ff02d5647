"""Figures and places put into sentences: `{12-30}` becomes a figure of that range, `{p}` the place."""

import re
from random import Random

_RANGE = re.compile(r"\{(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)\}")


def fill(sentence: str, *, place: str, rng: Random) -> str:
    """The sentence with its place and with figures drawn from its ranges."""

    def drawn(found: re.Match[str]) -> str:
        low, high = found.groups()
        if "." not in low and "." not in high:
            return str(_rounded(rng.randint(int(low), int(high))))
        return f"{rng.uniform(float(low), float(high)):.1f}"

    return _RANGE.sub(drawn, sentence.replace("{p}", place))


def fill_same(sentence: str, *, place: str, key: str) -> str:
    """As `fill`, with the same figures whenever key and sentence are the same.

    A promise is quoted in the letter, in the register and in the report; it must not change.
    """
    rng = Random(f"{key}|{sentence}")  # noqa: S311 - plausible figures, nothing secret
    return fill(sentence, place=place, rng=rng)


def _rounded(figure: int) -> int:
    """Large figures as people say them: 1,347 as 1,350, 236 as 236."""
    return round(figure, -1) if figure >= 1000 else figure
