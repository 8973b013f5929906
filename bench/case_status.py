"""`python -m bench.case_status`: can a wrong number be told from a wrong code by the time the answer takes?

Both are asked in turns, in a random order within each pair, on an empty SQLite database with a thousand cases. The two
samples are compared by the Mann–Whitney U test (two-sided): a small p says that one tends to take longer. The common
language effect size says how often: 50 of 100 pairs is chance. One run in twenty gives p < .05 by chance alone, so this
is a measurement and not a test; the tests count the statements and hashes of both instead.
"""

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from os import environ, getloadavg
from statistics import median
from time import perf_counter_ns
from typing import Annotated

import typer
from scipy.stats import mannwhitneyu

from bench.case_filling import fill, radicado_of
from consultame.database import write_session
from consultame.migration import migrate_database
from desk.cases.ownership import VerificationCode
from desk.cases.status import Refused, case_status
from desk.radicado import Direction, Radicado

CASES = 1_000
WRONG_CODE = VerificationCode("2345-6789")


def bench_case_status(
    times: Annotated[int, typer.Option(min=50, max=CASES, help="How often each of the two is asked.")] = 200,
) -> None:
    """Ask wrong numbers and wrong codes in turns, and compare how long the answers take."""
    with tempfile.TemporaryDirectory(prefix="consultame-bench-", ignore_cleanup_errors=True) as folder:
        environ["CONSULTAME_DATA_DIRECTORY"] = folder
        environ.pop("CONSULTAME_DATABASE_URL", None)
        migrate_database()
        for _ in fill(CASES):
            pass
        for warm_up in range(20):
            _asked(9_000 + warm_up)
        number, code = _measured(times)
    test = mannwhitneyu(number, code)
    longer = 100 * test.statistic / (len(number) * len(code))
    typer.echo(f"wrong number: median {median(number):.3f} ms; wrong code: median {median(code):.3f} ms; {times} each")
    typer.echo(f"Mann-Whitney U, two-sided: p = {test.pvalue:.3f}; the wrong number took longer in {longer:.1f} of 100")
    typer.echo(f"load average {getloadavg()[0]:.1f}")


def _measured(times: int) -> tuple[list[float], list[float]]:
    number: list[float] = []
    code: list[float] = []
    for index in range(1, times + 1):
        pair: list[tuple[list[float], Callable[[], None]]] = [
            (number, lambda index=index: _asked(CASES + index)),  # type: ignore[misc]
            (code, lambda index=index: _asked(index)),  # type: ignore[misc]
        ]
        random.shuffle(pair)
        for sample, work in pair:
            start = perf_counter_ns()
            work()
            sample.append((perf_counter_ns() - start) / 1e6)
    return number, code


def _asked(index: int) -> None:
    """Ask for the case with this index, which is there up to a thousand; each index is asked once, nothing locks."""
    with write_session() as session:
        told = case_status(
            session,
            radicado=Radicado(Direction.RECEIVED, *radicado_of(index)),
            factor=WRONG_CODE,
            sender=f"bench-{index}",
            now=datetime.now(UTC),
        )
    assert told == Refused()


if __name__ == "__main__":
    typer.run(bench_case_status)
