"""The benchmark's split: nothing asked is trained by anybody, a fixed share, and adding a question moves no other."""

from functools import lru_cache

import pytest

from bench.generated_entries import generated_topics
from bench.split import (
    HELD_OUT_SHARE,
    ONLY_TRAINED,
    Corpus,
    Kind,
    Sources,
    divided,
    is_held_out,
    normal_form,
    read_sources,
    thinned,
)
from consultame.settings import Language
from kb.entries import MINIMUM_QUESTIONS


@lru_cache(maxsize=1)
def sources() -> Sources:
    return read_sources()


@lru_cache(maxsize=1)
def corpus() -> Corpus:
    return divided(sources())


def trained_texts(divided_corpus: Corpus) -> set[str]:
    texts = [question.text for question in divided_corpus.labelled()]
    texts += [text for group in divided_corpus.ambiguous for text in group.examples]
    return {normal_form(text) for text in texts}


@pytest.mark.parametrize("grown", [False, True])
def test_no_held_out_text_occurs_in_training(grown: bool) -> None:
    whole = sources()
    if grown:
        topics = [*whole.topics, *generated_topics(300)]
        whole = Sources(topics, whole.intents, whole.ambiguous, whole.never_trained)
    parts = divided(whole)
    assert trained_texts(parts) & {normal_form(question.text) for question in parts.held_out} == set()


def test_the_out_of_scope_questions_of_the_tests_are_all_asked_and_never_trained() -> None:
    asked = {question.text for question in corpus().questions("out_of_scope")}
    assert set(sources().never_trained) <= asked
    assert len(asked) > len(sources().never_trained)


@pytest.mark.parametrize(("kind", "language"), [("entry", "es"), ("entry", "en"), ("task", None), ("small_talk", None)])
def test_a_fifth_is_held_out(kind: Kind, language: Language | None) -> None:
    held_out = len(corpus().questions(kind, language))
    # Labelled texts of intents have no language, those of entries have one.
    trained = len([q for q in corpus().labelled() if (q.kind, q.language) == (kind, language)])
    if kind == "small_talk":
        trained -= sum(len(corpus().intents[intent]) for intent in ONLY_TRAINED)
    assert held_out / (held_out + trained) == pytest.approx(1 / HELD_OUT_SHARE, abs=0.04)


def test_what_is_held_out_depends_on_the_text_alone() -> None:
    assert is_held_out("¿Dónde pido el subsidio?") == is_held_out("donde pido el SUBSIDIO")
    topic = sources().topics[0]
    entry = topic.entries[0]
    more = entry.model_copy(update={"questions_es": ["¿y esto es nuevo?", *reversed(entry.questions_es)]})
    changed = topic.model_copy(update={"entries": [more, *topic.entries[1:]]})
    again = divided(Sources([changed, *sources().topics[1:]], sources().intents, sources().ambiguous, []))
    before = {q.text for q in corpus().questions("entry")}
    assert {q.text for q in again.questions("entry")} - {"¿y esto es nuevo?"} == before


def test_some_intents_are_trained_whole_and_ambiguous_examples_have_no_single_label() -> None:
    for intent in ONLY_TRAINED:
        assert not [q for q in corpus().held_out if q.label == intent]
        assert corpus().intents[intent]
    assert not [q for q in corpus().labelled() if q.label == "faq_ambigua"]
    assert corpus().ambiguous


def test_every_entry_keeps_the_questions_an_entry_must_have() -> None:
    parts = divided(Sources(generated_topics(500), {}, [], []))
    assert min(len(entry.questions_es) for entry in parts.entries) >= MINIMUM_QUESTIONS


def test_a_thinned_set_knows_only_its_own_entries() -> None:
    few = thinned(sources(), 10)
    slugs = {entry.slug for topic in few.topics for entry in topic.entries}
    assert 5 <= len(slugs) <= 10
    assert few.intents.keys() == sources().intents.keys()
    for group in few.ambiguous:
        assert all(name in slugs or name in few.intents for name in group.candidates)
