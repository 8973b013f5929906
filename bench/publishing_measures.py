"""What `make bench-publish` measures, and how it is shown."""

from dataclasses import dataclass, field
from statistics import median

from rich.console import Console
from rich.table import Table

LIVE_LIMITS = {70: 15.0, 1000: 60.0}
STOCK_LIMIT = 0.15
STALL_LIMIT_MS = 500.0
ROLLBACK_LIMIT = 10.0
ANSWER_LIMIT = 2.0


@dataclass(frozen=True)
class Change:
    """Seconds from the approval until the release is live, and until Rasa answers with its model."""

    live: float
    answering: float


@dataclass
class UnderLoad:
    """What citizens saw who wrote ten messages a second while one publication ran."""

    sent: int
    problems: list[str]
    usual_ms: float
    longest_while_training_ms: float
    longest_while_promoting_ms: float

    @property
    def stall_ms(self) -> float:
        """The longest answer while the model was exchanged, beyond the usual one."""
        return self.longest_while_promoting_ms - self.usual_ms


@dataclass
class Stock:
    """`rasa train` of stock Rasa on the same entries and examples."""

    epochs: int
    seconds: float
    extrapolated: float
    share: int

    @property
    def is_complete(self) -> bool:
        """Whether it was trained as it comes, on everything that ours was."""
        return self.extrapolated == self.seconds


@dataclass
class Measured:
    """The figures for one number of entries."""

    entries: int
    texts: int
    first_publication: float | None = None
    # What the gate found in the first publication and would not let pass by itself.
    findings_accepted: int = 0
    with_training: list[Change] = field(default_factory=list)
    answers_only: list[Change] = field(default_factory=list)
    rollback: float | None = None
    under_load: UnderLoad | None = None
    stock: Stock | None = None
    problem: str | None = None


def claims(measured: Measured) -> list[tuple[str, str, bool]]:
    """Each claim with what was measured and whether it is met; only what was measured is judged."""
    found = []
    if measured.with_training:
        live = median(change.live for change in measured.with_training)
        limit = next((limit for size, limit in sorted(LIVE_LIMITS.items()) if measured.entries <= size), None)
        if limit is not None:
            found.append((f"approve → live ≤ {limit:.0f} s", f"{live:.1f} s", live <= limit))
        if measured.stock:
            ratio = live / measured.stock.extrapolated
            found.append((f"≤ {STOCK_LIMIT} × stock `rasa train`", f"{ratio:.3f} ×", ratio <= STOCK_LIMIT))
    if measured.answers_only:
        seconds = median(change.live for change in measured.answers_only)
        found.append((f"edited answer live ≤ {ANSWER_LIMIT:.0f} s", f"{seconds:.2f} s", seconds <= ANSWER_LIMIT))
    if measured.rollback is not None:
        found.append(
            (f"rollback < {ROLLBACK_LIMIT:.0f} s", f"{measured.rollback:.1f} s", measured.rollback < ROLLBACK_LIMIT)
        )
    if load := measured.under_load:
        found.append(("no message lost, no error", f"{len(load.problems)} of {load.sent}", not load.problems))
        found.append((f"stall ≤ {STALL_LIMIT_MS:.0f} ms", f"{load.stall_ms:.0f} ms", load.stall_ms <= STALL_LIMIT_MS))
    return found


def print_measures(measured: Measured, console: Console) -> None:
    """One table of figures and one of claims."""
    figures = Table("", "", title=f"{measured.entries} entries, {measured.texts} training texts", show_header=False)
    for name, value in _figures(measured):
        figures.add_row(name, value)
    console.print(figures)
    judged = Table("claim", "measured", "")
    for claim, value, is_met in claims(measured):
        judged.add_row(claim, value, "met" if is_met else "NOT MET")
    console.print(judged)


def _figures(measured: Measured) -> list[tuple[str, str]]:
    rows = [("problem", measured.problem)] if measured.problem else []
    if measured.first_publication is not None:
        rows.append(("first publication, no vector known (`consultame train`)", f"{measured.first_publication:.1f} s"))
    if measured.findings_accepted:
        rows.append(("findings of its gate, accepted", str(measured.findings_accepted)))
    rows += _figures_of_changes("an entry's questions changed", measured.with_training)
    rows += _figures_of_changes("an answer edited", measured.answers_only)
    if measured.rollback is not None:
        rows.append(("rollback → Rasa answers with it", f"{measured.rollback:.2f} s"))
    rows += _figures_under_load(measured.under_load) if measured.under_load else []
    return rows + (_figures_of_stock(measured.stock) if measured.stock else [])


def _figures_of_changes(name: str, changes: list[Change]) -> list[tuple[str, str]]:
    if not changes:
        return []
    each = ", ".join(f"{change.live:.1f}" for change in changes)
    return [
        (f"{name}: approve → live", f"{median(change.live for change in changes):.2f} s ({each})"),
        (f"{name}: → Rasa answers with it", f"{median(change.answering for change in changes):.2f} s"),
    ]


def _figures_under_load(load: UnderLoad) -> list[tuple[str, str]]:
    return [
        ("messages at 10 a second during a publication", f"{load.sent}, {len(load.problems)} went wrong"),
        ("usual answer (median before)", f"{load.usual_ms:.0f} ms"),
        ("longest while it trained", f"{load.longest_while_training_ms:.0f} ms"),
        ("longest while the model was exchanged", f"{load.longest_while_promoting_ms:.0f} ms"),
    ]


def _figures_of_stock(stock: Stock) -> list[tuple[str, str]]:
    rows = [(f"stock `rasa train`, {_stock_scope(stock)}", f"{stock.seconds:.0f} s")]
    if not stock.is_complete:
        rows.append(("the same with all its epochs, extrapolated", f"{stock.extrapolated:.0f} s"))
    return rows


def _stock_scope(stock: Stock) -> str:
    epochs = f"{stock.epochs} epochs" if stock.epochs else "its own epochs"
    return epochs if stock.share == 1 else f"{epochs}, one in {stock.share} of the entries and examples"
