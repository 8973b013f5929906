"""The results as tables for the terminal, as Markdown and as JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.claims import divided_by, verdicts
from bench.measurement import Measured, Results

NOT_A_MEASUREMENT = "Tried out with a tenth of the data and few epochs: these figures are not a measurement."
MISSING = "–"


@dataclass(frozen=True)
class Row:
    """A measure: its name, its figure of a system, how it is written, whether its ratio to stock Rasa is shown."""

    name: str
    value: Callable[[Measured], float | None]
    form: str
    ratio: bool = False


def _of_accuracy(name: str) -> Callable[[Measured], float | None]:
    return lambda measured: getattr(measured.accuracy, name) if measured.accuracy else None


ROWS = (
    Row("top-1, entries", _of_accuracy("top1"), ".3f"),
    Row("top-3, entries", _of_accuracy("top3"), ".3f"),
    Row("macro-F1, entries", _of_accuracy("macro_f1"), ".3f"),
    Row("top-1, entries in English", _of_accuracy("english_top1"), ".3f"),
    Row("top-1, tasks", _of_accuracy("tasks_top1"), ".3f"),
    Row("in scope: answered right", _of_accuracy("answered_right"), ".3f"),
    Row("in scope: answered wrong", _of_accuracy("answered_wrong"), ".3f"),
    Row("in scope: suggested", _of_accuracy("suggested"), ".3f"),
    Row("in scope: refused", _of_accuracy("refused"), ".3f"),
    Row("out of scope: answered", _of_accuracy("out_of_scope_answered"), ".3f"),
    Row("turn p50, ms", lambda m: m.latency.p50_ms if m.latency else None, ".1f", ratio=True),
    Row("turn p95, ms", lambda m: m.latency.p95_ms if m.latency else None, ".1f", ratio=True),
    Row("turns per second, 8 clients", lambda m: m.turns_per_second, ".1f", ratio=True),
    Row("training, s", lambda m: m.training_seconds, ".1f", ratio=True),
    Row("start to first answer, s", lambda m: m.load_seconds, ".1f", ratio=True),
    Row("resident memory, MiB", lambda m: m.memory_mib, ".0f", ratio=True),
)
STOCK = ("rasa", "rasa + SQL")


@dataclass(frozen=True)
class Grid:
    """A table before it is drawn."""

    title: str
    header: list[str]
    rows: list[list[str]]


def grids(results: Results) -> list[Grid]:
    """The table of systems with long conversations below, the growth of ours, the claims."""
    made = [_systems(results)]
    if results.sizes:
        made.append(_sizes(results))
    return [*made, _claims(results)]


def _systems(results: Results) -> Grid:
    by_name = {measured.name: measured for measured in results.systems}
    stock = [name for name in STOCK if name in by_name and "consultame" in by_name]
    header = ["", *by_name, *(f"consultame / {name}" for name in stock)]
    turns = sorted({turn for measured in results.systems for turn in measured.latency_by_turn})
    rows = [_row(row, by_name, stock) for row in (*ROWS, *map(_turn_row, turns))]
    if any(measured.problem for measured in results.systems):
        rows.append(["not measured", *(measured.problem or "" for measured in results.systems), *("" for _ in stock)])
    return Grid("Systems", header, rows)


def _turn_row(turn: int) -> Row:
    return Row(f"turn {turn} of a conversation, ms", lambda m: m.latency_by_turn.get(turn), ".1f", ratio=True)


def _row(row: Row, by_name: dict[str, Measured], stock: list[str]) -> list[str]:
    figures = [_written(row.value(measured), row.form) for measured in by_name.values()]
    ratios = [
        _written(divided_by(row.value(by_name["consultame"]), row.value(by_name[name])), ".2f") if row.ratio else ""
        for name in stock
    ]
    return [row.name, *figures, *ratios]


def _written(figure: float | None, form: str) -> str:
    return MISSING if figure is None else format(figure, form)


def _sizes(results: Results) -> Grid:
    header = ["entries", "top-1", "top-1, real ones", "training, s", "parse p50, ms", "turn p50, ms"]
    header += ["turn p50, real ones, ms", "memory, MiB", ""]
    rows = [
        [
            str(size.entries), _written(size.top1, ".3f"), _written(size.top1_of_real_entries, ".3f"),
            _written(size.training_seconds, ".1f"), _written(size.parse_p50_ms, ".1f"),
            _written(size.turn_p50_ms, ".1f"), _written(size.turn_p50_of_real_entries_ms, ".1f"),
            _written(size.memory_mib, ".0f"), size.problem or "",
        ]
        for size in results.sizes
    ]  # fmt: skip
    return Grid("consultame with generated entries added", header, rows)


def _claims(results: Results) -> Grid:
    words = {True: "yes", False: "NO", None: "not measured"}
    rows = [[verdict.claim, verdict.figure, words[verdict.holds]] for verdict in verdicts(results)]
    return Grid("Claims", ["claim", "figure", "holds"], rows)


def print_report(results: Results, console: Console, *, quick: bool) -> None:
    """Draw every table."""
    for grid in grids(results):
        table = Table(*grid.header, title=grid.title, title_justify="left")
        for column in table.columns[1:]:
            column.justify = "right"
        for row in grid.rows:
            table.add_row(*row, style="red" if row[-1] == "NO" else None)
        console.print(table)
    if quick:
        console.print(NOT_A_MEASUREMENT, style="bold red", soft_wrap=True)


def as_markdown(results: Results, facts: dict[str, Any]) -> str:
    """The same tables, under what was measured where."""
    lines = ["# Benchmark", ""]
    if facts["quick"]:
        lines += [f"**{NOT_A_MEASUREMENT}**", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    for grid in grids(results):
        lines += ["", f"## {grid.title}", "", _line(grid.header), _line(["---"] + ["---:"] * (len(grid.header) - 1))]
        lines += [_line(row) for row in grid.rows]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _names(facts: dict[str, Any], stamp: str) -> list[str]:
    if facts["interrupted"]:
        return [stamp]
    if facts["quick"]:
        return [stamp, "quick"]
    share, epochs = facts["measured with one in"], facts["stock Rasa's epochs"]
    name = "latest" if share == 1 else f"one-in-{share}"
    return [stamp, name if isinstance(epochs, str) else f"{name}-stock-{epochs}"]


def write_report(results: Results, facts: dict[str, Any], folder: Path, stamp: str) -> list[Path]:
    """`<stamp>.json`, `<stamp>.md` and the same as `latest`, its like for part of it; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"facts": facts, **asdict(results), "claims": [asdict(verdict) for verdict in verdicts(results)]}
    texts = {"json": json.dumps(content, ensure_ascii=False, indent=2) + "\n", "md": as_markdown(results, facts)}
    written = []
    for stem in _names(facts, stamp):
        for suffix, text in texts.items():
            path = folder / f"{stem}.{suffix}"
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
