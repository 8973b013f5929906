"""Entries for trying how the assistant grows: generated, always the same ones, never published to anybody.

An entry is a procedure at an entity under one aspect («cuánto cuesta el certificado catastral en la notaría»), asked in
twenty wordings, as many as docs/guia-de-preguntas.md asks for, some of them as people type. Neighbours share the
procedure, the entity or the aspect, and so most of their words: as in a large knowledge base, what tells two entries
apart is one or two words.
"""

import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

import yaml

from kb.exchange import EntryDocument, TopicDocument
from kb.models import Topic

WORDINGS = Path(__file__).with_name("generated_wordings.yml")
SEED = 20_240
QUESTIONS_PER_ENTRY = 20
ENTRIES_PER_TOPIC_FILE = 500
TYPED_CARELESSLY = 0.4


@dataclass(frozen=True)
class Named:
    """A thing with the names people give it; the first is the official one."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Aspect:
    """What is asked about a procedure, and the ways to ask it: {p} is the procedure, {e} the entity."""

    key: str
    title: str
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """All that entries are made of."""

    procedures: list[Named]
    entities: list[Named]
    aspects: list[Aspect]


@lru_cache(maxsize=1)
def words() -> Words:
    """What generated_wordings.yml says."""
    content = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))
    return Words(
        procedures=[Named(key, tuple(names)) for key, names in content["procedures"].items()],
        entities=[Named(key, tuple(names)) for key, names in content["entities"].items()],
        aspects=[Aspect(key, a["title"], tuple(a["wordings"])) for key, a in content["aspects"].items()],
    )


_SHORTENED = {"que": "q", "para": "pa", "por": "x", "porque": "xq", "también": "tb", "donde": "dnd", "dónde": "dnd"}
_WITHOUT_ACCENTS = str.maketrans("áéíóúüÁÉÍÓÚ¿¡", "aeiouuAEIOU\0\0")
_CONFUSED = (("v", "b"), ("b", "v"), ("c", "s"), ("s", "c"), ("z", "s"), ("ll", "y"), ("h", ""), ("qu", "k"))


def largest_number() -> int:
    """How many entries there can be."""
    return len(_combinations())


def generated_topics(count: int) -> list[TopicDocument]:
    """So many entries, the same ones each time; the first ones of a larger number are those of a smaller one.

    Raises:
        ValueError: more than there are combinations.
    """
    combinations = _combinations()
    if count > len(combinations):
        raise ValueError(f"at most {len(combinations)} entries can be generated")
    random.Random(SEED).shuffle(combinations)  # noqa: S311
    entries = [_entry(procedure, entity, aspect) for procedure, entity, aspect in combinations[:count]]
    starts = range(0, count, ENTRIES_PER_TOPIC_FILE)
    return [TopicDocument(topic=Topic.MINISTERIO, entries=entries[i : i + ENTRIES_PER_TOPIC_FILE]) for i in starts]


def _combinations() -> list[tuple[Named, Named, Aspect]]:
    return list(product(words().procedures, words().entities, words().aspects))


def _entry(procedure: Named, entity: Named, aspect: Aspect) -> EntryDocument:
    slug = f"{procedure.key}_{entity.key}_{aspect.key}"
    draw = random.Random(f"{SEED}{slug}")  # noqa: S311
    title = f"{aspect.title}: {procedure.names[0]}, {entity.names[0]}"
    return EntryDocument(
        slug=slug,
        title=title[:120],
        label=title[:48].strip(),
        label_en=slug.replace("_", " ")[:48].strip(),
        answer_es=f"{title}. Texto generado para medir; no es una respuesta del Ministerio. Escriba a {{correo}}.",
        answer_en=f"{title}. Generated text for measuring; not an answer of the Ministry. Write to {{correo}}.",
        source="Texto generado",
        questions_es=_questions(procedure, entity, aspect, draw),
    )


def _questions(procedure: Named, entity: Named, aspect: Aspect, draw: random.Random) -> list[str]:
    wordings = draw.sample(aspect.wordings, QUESTIONS_PER_ENTRY)
    questions = []
    for wording in wordings:
        question = _contracted(wording.format(p=draw.choice(procedure.names), e=draw.choice(entity.names)))
        questions.append(_as_typed(question, draw) if draw.random() < TYPED_CARELESSLY else question)
    return questions


def _contracted(question: str) -> str:
    return question.replace(" a el ", " al ").replace(" de el ", " del ")


def _as_typed(question: str, draw: random.Random) -> str:
    """Lower case, no accents, a word or two misspelt: as on a telephone."""
    plain = question.lower().translate(_WITHOUT_ACCENTS).replace("\0", "").rstrip("?.")
    typed = [_SHORTENED.get(word, word) if draw.random() < 0.3 else word for word in plain.split()]
    for position in draw.sample(range(len(typed)), min(2, len(typed))):
        typed[position] = _misspelt(typed[position], draw)
    return " ".join(typed)


def _misspelt(word: str, draw: random.Random) -> str:
    if len(word) < 5:
        return word
    place = draw.randrange(1, len(word) - 1)
    changes = [word[:place] + word[place + 1 :], word[:place] + word[place + 1] + word[place] + word[place + 2 :]]
    changes += [word.replace(usual, wrong, 1) for usual, wrong in _CONFUSED if usual in word]
    return draw.choice(changes)
