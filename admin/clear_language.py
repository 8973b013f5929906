"""How plainly a Spanish text speaks, as advice to whoever writes it. Nothing here forbids a text.

The index is Szigriszt's perspicuity (F. Szigriszt Pazos, «Sistemas predictivos de legibilidad del mensaje escrito»,
1993): 206.835 − 62.3 · syllables/words − words/sentences; its levels are those of the INFLESZ scale (I. M. Barrio-
Cantalejo and others, Anales del Sistema Sanitario de Navarra 31(2), 2008).
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

PLAIN_WORDS = Path(__file__).with_name("plain_words.csv")
FEWEST_WORDS = 15
LONGEST_SENTENCE = 25
HARD_BELOW = 55
WORDS_QUOTED = 6
_LEVELS = ((80, "muy fácil de leer"), (65, "bastante fácil de leer"), (55, "normal"), (40, "algo difícil de leer"))
_HARDEST = "muy difícil de leer"

_PLACEHOLDER = re.compile(r"\{\w+\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”)]*\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LIST_MARK = re.compile(r"^\s*(?:[-•]|\d{1,2}[.)])\s+")
_PASSIVE = re.compile(
    r"\b(?:es|son|sea|sean|ser|fue|fueron|será|serán|sería|serían|era|eran|ha sido|han sido|haya sido|hayan sido)"
    r"\s+(?:\w+mente\s+)?(?P<participle>\w{2,}[aeií]d[oa]s?|dich[oa]s?|hech[oa]s?|escrit[oa]s?|resuelt[oa]s?)\b",
    re.IGNORECASE,
)
# Participles by their form that are adjectives or nouns: «es válida», «son debidos» say nothing of passive voice.
_NOT_PASSIVE = re.compile(r"(?:válid|cuid|rápid|sólid|líquid|debid|pedid|medid|salid|partid|vid|marid|sentid)[oa]s?$")
_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_SILENT_U = re.compile(r"(?<=q)u(?=[eiéí])|(?<=g)u(?=[eiéí])")
_STRONG = frozenset("aeoáéóíú")
_OPEN = frozenset("aeoáéó")


@dataclass(frozen=True)
class Advice:
    """One thing that would read better, in a sentence for the writer."""

    text: str


@dataclass(frozen=True)
class Readability:
    """How a text reads. `index` is None for a text of a few words only, about which nothing can be said."""

    index: int | None
    level: str
    words: int
    sentences: int
    advice: list[Advice]


def readability(text: str) -> Readability:
    """The index, its level in words and what might be put more plainly."""
    sentences = _sentences(text)
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if len(words) < FEWEST_WORDS:
        return Readability(None, "", len(words), len(sentences), _plainer_words(text))
    syllables = sum(count_syllables(word) for word in words)
    index = 206.835 - 62.3 * syllables / len(words) - len(words) / len(sentences)
    index = max(0, min(100, round(index)))
    found = [*_long_sentences(sentences), *_passives(text), *_plainer_words(text)]
    return Readability(index, _level(index), len(words), len(sentences), found)


def count_syllables(word: str) -> int:
    """The syllables of a Spanish word, by its vowels: two open ones, or an open and a stressed closed one, are two."""
    letters = _SILENT_U.sub("", word.lower())
    letters = re.sub(r"y(?![aeiouáéíóú])", "i", letters)
    return max(1, sum(_nuclei(group) for group in _VOWELS.findall(letters)))


def _nuclei(vowels: str) -> int:
    count = 1
    for left, right in pairwise(vowels):
        count += left in _STRONG and right in _STRONG and (left in _OPEN or right in _OPEN)
    return count


def _sentences(text: str) -> list[str]:
    plain = _PLACEHOLDER.sub("dato", text)
    parts = (_LIST_MARK.sub("", part) for part in _SENTENCE_END.split(plain))
    return [part for part in parts if _WORD.search(part)]


def _level(index: int) -> str:
    return next((name for least, name in _LEVELS if index >= least), _HARDEST)


def _long_sentences(sentences: list[str]) -> list[Advice]:
    found = []
    for sentence in sentences:
        words = sentence.split()
        if len(words) > LONGEST_SENTENCE:
            start = " ".join(words[:WORDS_QUOTED])
            found.append(Advice(f"La frase «{start}…» tiene {len(words)} palabras: quizá se pueda partir en dos."))
    return found


def _passives(text: str) -> list[Advice]:
    seen: dict[str, None] = {}
    for match in _PASSIVE.finditer(text):
        if not _NOT_PASSIVE.search(match["participle"].lower()):
            seen[" ".join(match[0].split())] = None
    return [Advice(f"«{phrase}» está en voz pasiva: diga quién lo hace.") for phrase in seen]


def _plainer_words(text: str) -> list[Advice]:
    lowered = " ".join(text.lower().split())
    found, taken = [], list[range]()
    for pattern, plainer in _plain_words():
        match = pattern.search(lowered)
        if match and not any(match.start() in span for span in taken):
            taken.append(range(*match.span()))
            found.append(Advice(f"En vez de «{match[0]}»: «{plainer}»."))
    return found


@lru_cache(maxsize=1)
def _plain_words() -> list[tuple[re.Pattern[str], str]]:
    """Each expression in its forms with a plainer one; the longest first, so that one within another is told once."""
    with PLAIN_WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    rows.sort(key=lambda row: -len(row[0].partition("|")[0]))
    return [(re.compile(rf"\b(?:{forms})\b"), plainer) for forms, plainer in rows]
