"""What the project says of itself, each with the figure of this run and whether it holds."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.measurement import Measured, MeasuredSize, Results

Figure = Callable[["Figures"], float | None]


@dataclass(frozen=True)
class Claim:
    """A sentence, its figure, and the bound: an upper one or a lower one."""

    text: str
    figure: Figure
    at_most: float | None = None
    at_least: float | None = None
    digits: int = 2


@dataclass(frozen=True)
class Verdict:
    """A claim with its figure; `holds` is None when it was not measured."""

    claim: str
    figure: str
    holds: bool | None


class Figures:
    """The results by name, and the ratios that claims are about."""

    def __init__(self, results: Results) -> None:
        self._systems = {measured.name: measured for measured in results.systems}
        self._sizes = {measured.entries: measured for measured in results.sizes}

    def ours(self, value: Callable[[Measured], float | None]) -> float | None:
        """A figure of this project's assistant."""
        return self._of("consultame", value)

    def over_stock(self, value: Callable[[Measured], float | None]) -> float | None:
        """Ours by stock Rasa's, with conversations in memory."""
        return divided_by(self._of("consultame", value), self._of("rasa", value))

    def points_above(self, other: str, value: Callable[[Measured], float | None]) -> float | None:
        """Percentage points between ours and another system's."""
        ours, theirs = self._of("consultame", value), self._of(other, value)
        return None if ours is None or theirs is None else (ours - theirs) * 100

    def size_ratio(self, large: int, small: int, value: Callable[[MeasuredSize], float | None]) -> float | None:
        """A figure with many entries by the one with few."""
        if large not in self._sizes or small not in self._sizes:
            return None
        return divided_by(value(self._sizes[large]), value(self._sizes[small]))

    def _of(self, name: str, value: Callable[[Measured], float | None]) -> float | None:
        return value(self._systems[name]) if name in self._systems else None


def divided_by(figure: float | None, by: float | None) -> float | None:
    """The ratio, or None where one of the two is missing or the second is nothing."""
    return figure / by if figure is not None and by else None


def p50(measured: Measured) -> float | None:
    return measured.latency.p50_ms if measured.latency else None


def throughput(measured: Measured) -> float | None:
    return measured.turns_per_second


def training(measured: Measured) -> float | None:
    return measured.training_seconds


def memory(measured: Measured) -> float | None:
    return measured.memory_mib


def top1(measured: Measured) -> float | None:
    return measured.accuracy.top1 if measured.accuracy else None


def _accuracy(name: str) -> Callable[[Measured], float | None]:
    return lambda measured: getattr(measured.accuracy, name) if measured.accuracy else None


def _late_over_first(measured: Measured) -> float | None:
    return divided_by(measured.latency_by_turn.get(200), measured.latency_by_turn.get(1))


CLAIMS = (
    Claim("p50 of an answered turn, of stock Rasa's: at most 0.25", lambda f: f.over_stock(p50), at_most=0.25),
    Claim("turns per second, times stock Rasa's: at least 4", lambda f: f.over_stock(throughput), at_least=4),
    Claim("training time, of stock Rasa's: at most 0.1", lambda f: f.over_stock(training), at_most=0.1),
    Claim("resident memory, of stock Rasa's: at most 0.6", lambda f: f.over_stock(memory), at_most=0.6),
    Claim("top-1, points above stock Rasa: at least 3", lambda f: f.points_above("rasa", top1), at_least=3),
    Claim("top-1, points above nlp.js: more than 0", lambda f: f.points_above("nlp.js", top1), at_least=0.005),
    Claim("top-1, points above BM25: more than 0", lambda f: f.points_above("bm25", top1), at_least=0.005),
    Claim("top-1: at least .93", lambda f: f.ours(top1), at_least=0.93, digits=3),
    Claim("top-3: at least .98", lambda f: f.ours(_accuracy("top3")), at_least=0.98, digits=3),
    Claim("English top-1: at least .9", lambda f: f.ours(_accuracy("english_top1")), at_least=0.9, digits=3),
    Claim(
        "out-of-scope questions answered: at most .05",
        lambda f: f.ours(_accuracy("out_of_scope_answered")),
        at_most=0.05,
        digits=3,
    ),
    Claim("in-scope questions refused: at most .05", lambda f: f.ours(_accuracy("refused")), at_most=0.05, digits=3),
    Claim("turn 200 of a conversation, of turn 1: at most 1.3", lambda f: f.ours(_late_over_first), at_most=1.3),
    Claim(
        "turn p50 at 5,000 entries, of that at 70, all entries' questions: at most 2",
        lambda f: f.size_ratio(5000, 70, lambda size: size.turn_p50_ms),
        at_most=2,
    ),
    Claim(
        "turn p50 at 5,000 entries, of that at 70, the real entries' questions: at most 2",
        lambda f: f.size_ratio(5000, 70, lambda size: size.turn_p50_of_real_entries_ms),
        at_most=2,
    ),
)


def verdicts(results: Results) -> list[Verdict]:
    """Every claim, judged by these results."""
    figures = Figures(results)
    return [_verdict(claim, claim.figure(figures)) for claim in CLAIMS]


def _verdict(claim: Claim, figure: float | None) -> Verdict:
    if figure is None:
        return Verdict(claim.text, "–", None)
    above = claim.at_least is None or figure >= claim.at_least
    below = claim.at_most is None or figure <= claim.at_most
    return Verdict(claim.text, f"{figure:.{claim.digits}f}", above and below)
