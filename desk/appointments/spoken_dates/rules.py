"""Rules: patterns over plain text (`plain.py`), tried in turn; what one has read the next does not see."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

READ = "~"

Meaning = TypeVar("Meaning")


@dataclass(frozen=True)
class Rule(Generic[Meaning]):
    """A pattern and what a match of it means; `None` when it means nothing after all.

    A rule that `leaves` its words lets later rules read them too.
    """

    name: str
    pattern: re.Pattern[str]
    meaning: Callable[[re.Match[str], date], Meaning | None]
    leaves: bool = False


@dataclass(frozen=True)
class Found(Generic[Meaning]):
    """What a rule has found, and where in the plain text."""

    rule: str
    start: int
    end: int
    meaning: Meaning


def pattern(words: str) -> re.Pattern[str]:
    """The pattern of a rule: whole words; a space stands for one with or without a comma, `\\x20` for one without."""
    return re.compile(rf"(?<![^ ])(?:{words.replace(' ', '(?: ,)? ')})(?![^ ])")


def read(rules: Sequence[Rule[Meaning]], text: str, today: date) -> tuple[list[Found[Meaning]], str]:
    """What the rules find, in the order of the text, and the text with `READ` in place of what was read."""
    found: list[Found[Meaning]] = []
    for rule in rules:
        for each in list(_matches(rule, text, today)):
            found.append(each)
            if not rule.leaves:
                text = f"{text[: each.start]}{READ * (each.end - each.start)}{text[each.end :]}"
    return sorted(found, key=lambda each: each.start), text


def _matches(rule: Rule[Meaning], text: str, today: date) -> Iterator[Found[Meaning]]:
    for match in rule.pattern.finditer(text):
        meaning = rule.meaning(match, today)
        if meaning is not None:
            yield Found(rule.name, match.start(), match.end(), meaning)
