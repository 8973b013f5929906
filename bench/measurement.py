"""One run: every system trained, asked, timed and stopped; then ours with more and more entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.accuracy import Accuracy, Asked, accuracy_of, answered_questions, ask, top1
from bench.effort import Effort
from bench.generated_entries import generated_topics
from bench.progress import Steps
from bench.split import Corpus, Question, Sources, divided, stable_number
from bench.systems.bm25 import Bm25
from bench.systems.consultame import Consultame
from bench.systems.nlpjs import NlpJs
from bench.systems.stock_rasa import StockRasa
from bench.systems.system import System, SystemFailed
from bench.turns import Latency, latency_by_turn, latency_of, turns_per_second
from consultame.processes import StopRequested

SYSTEM_NAMES = ("consultame", "rasa", "nlpjs", "bm25")
KEEP_CONVERSATIONS = frozenset({"consultame", "rasa", "rasa + SQL"})
MIB = 1024 * 1024


@dataclass
class Measured:
    """The figures of one system; None where it was not, or could not be, measured."""

    name: str
    training_seconds: float | None = None
    load_seconds: float | None = None
    memory_mib: float | None = None
    accuracy: Accuracy | None = None
    latency: Latency | None = None
    turns_per_second: float | None = None
    latency_by_turn: dict[int, float] = field(default_factory=dict)
    problem: str | None = None


@dataclass
class MeasuredSize:
    """The figures of ours with so many entries."""

    name: str
    entries: int
    training_seconds: float | None = None
    top1: float | None = None
    top1_of_real_entries: float | None = None
    parse_p50_ms: float | None = None
    turn_p50_ms: float | None = None
    turn_p50_of_real_entries_ms: float | None = None
    memory_mib: float | None = None
    problem: str | None = None


@dataclass
class Results:
    """Everything measured."""

    systems: list[Measured] = field(default_factory=list)
    sizes: list[MeasuredSize] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether nothing failed."""
        rows: list[Measured | MeasuredSize] = [*self.systems, *self.sizes]
        return not any(row.problem for row in rows)


class Measurement:
    """Measures in a folder that takes whatever is trained, stored and logged."""

    def __init__(self, sources: Sources, effort: Effort, folder: Path, steps: Steps, *, growth: bool) -> None:
        self._sources, self._effort, self._folder = sources, effort, folder
        self._steps, self._growth = steps, growth
        self._corpus = divided(sources)
        self.results = Results()

    def run(self, names: list[str]) -> None:
        """Measure these systems, and the growth of ours when it is among them."""
        if "consultame" in names:
            self._measure(Consultame())
        if "rasa" in names:
            self._measure_rasa()
        if "nlpjs" in names:
            self._measure(NlpJs())
        if "bm25" in names:
            self._measure(Bm25())
        if self._growth and "consultame" in names:
            for size in self._effort.sizes:
                self._measure_size(size)

    def _measure_rasa(self) -> None:
        """Two rows: the model is trained and asked once, and served with each of Rasa's stores."""
        in_memory = StockRasa("rasa", "memory", epochs=self._effort.stock_epochs)
        asked = self._measure(in_memory)
        first = self.results.systems[-1]
        if self._effort.stock_epochs is not None:
            # Trained for its speed only: what it learned, and how fast, is no measurement.
            first.training_seconds = first.accuracy = None
        stored = StockRasa("rasa + SQL", "sql").serving_model_of(in_memory)
        second = Measured(stored.name, first.training_seconds, accuracy=first.accuracy, problem=first.problem)
        self.results.systems.append(second)
        if first.problem is None:
            with self._failure_noted(second), self._running(stored, second):
                self._time_turns(stored, second, answered_questions(asked))

    def _measure(self, system: System) -> list[Asked]:
        measured = Measured(system.name)
        self.results.systems.append(measured)
        asked: list[Asked] = []
        with self._failure_noted(measured):
            folder = self._folder / system.name.replace(".", "")
            with self._steps.step(f"{system.name}: training"):
                measured.training_seconds = system.train(self._corpus, folder)
            with self._running(system, measured):
                asked += self._ask(system, self._corpus.held_out)
                measured.accuracy = accuracy_of(asked, self._corpus)
                self._time_turns(system, measured, answered_questions(asked))
        return asked

    def _time_turns(self, system: System, measured: Measured, questions: list[str]) -> None:
        with self._steps.step(f"{system.name}: turns, one after the other"):
            measured.latency = latency_of(system, questions, self._effort)
        measured.memory_mib = system.memory_bytes() / MIB
        with self._steps.step(f"{system.name}: turns, {self._effort.clients} clients"):
            measured.turns_per_second = turns_per_second(system, questions, self._effort)
        if self._growth and system.name in KEEP_CONVERSATIONS:
            with self._steps.step(f"{system.name}: long conversations"):
                measured.latency_by_turn = latency_by_turn(system, questions, self._effort)

    def _measure_size(self, size: int) -> None:
        measured = MeasuredSize(f"consultame, {size} entries", size)
        self.results.sizes.append(measured)
        corpus = self._enlarged(size)
        system = Consultame()
        with self._failure_noted(measured):
            with self._steps.step(f"{measured.name}: training"):
                measured.training_seconds = system.train(corpus, self._folder / f"entries-{size}")
            with self._running(system, measured):
                asked = self._ask(system, self._sample(corpus))
                measured.top1 = top1(asked)
                real = {entry.slug for entry in self._corpus.entries}
                asked_of_real = [a for a in asked if a.question.label in real]
                measured.top1_of_real_entries = top1(asked_of_real)
                measured.parse_p50_ms = accuracy_of(asked, corpus).parse_p50_ms
                with self._steps.step(f"{measured.name}: turns"):
                    measured.turn_p50_ms = latency_of(system, answered_questions(asked), self._effort).p50_ms
                    # Among many generated entries, few or none of a share of the real ones may have been asked.
                    if answered_of_real := answered_questions(asked_of_real):
                        of_real = latency_of(system, answered_of_real, self._effort)
                        measured.turn_p50_of_real_entries_ms = of_real.p50_ms
                measured.memory_mib = system.memory_bytes() / MIB

    def _enlarged(self, size: int) -> Corpus:
        """The corpus with generated entries added up to this size."""
        sources = self._sources
        added = generated_topics(size - len(self._corpus.entries))
        return divided(Sources([*sources.topics, *added], sources.intents, sources.ambiguous, sources.never_trained))

    def _sample(self, corpus: Corpus) -> list[Question]:
        """All held-out entry questions, or so many of them that no order prefers."""
        questions = sorted(corpus.questions("entry"), key=lambda question: stable_number(question.text, "sample"))
        return questions[: self._effort.asked_at_each_size]

    def _ask(self, system: System, questions: list[Question]) -> list[Asked]:
        name = f"{system.name}: {len(questions)} held-out questions"
        return [ask(system, question) for question in self._steps.track(name, questions)]

    @contextmanager
    def _running(self, system: System, measured: Measured | MeasuredSize) -> Iterator[None]:
        try:
            with self._steps.step(f"{measured.name}: loading the model"):
                seconds = system.start()
            if isinstance(measured, Measured):
                measured.load_seconds = seconds
            yield
        finally:
            system.stop()

    @contextmanager
    def _failure_noted(self, measured: Measured | MeasuredSize) -> Iterator[None]:
        """A system that fails gets a line in the table; the others go on."""
        try:
            yield
        except StopRequested:
            raise
        except Exception as failure:
            # Whatever it is, an hour of measuring the others must not be lost to it.
            if not isinstance(failure, SystemFailed):
                self._steps.console.print_exception()
            text = " ".join(str(failure).split()) or type(failure).__name__
            measured.problem = text.replace(str(self._folder), "…")
            self._steps.console.print(f"{measured.name}: {measured.problem}", style="red", markup=False)
