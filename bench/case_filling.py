"""As many cases as are wanted, made inside the database: a million in seconds instead of minutes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from consultame.database import engine

AT_ONCE = 50_000
NUMBERS_A_YEAR = 200_000
FIRST_YEAR = 2000
MOST_CASES = 90 * NUMBERS_A_YEAR
# Five years of cases, the newest of today; one in fifty is open.
MINUTES = 5 * 365 * 24 * 60
OPEN_ONE_IN = 50

_DEPENDENCIES = ("Hidrocarburos", "Energía eléctrica", "Minería", "Gestión de la información", "Regalías")
_KINDS = ("petition", "documents", "consultation", "complaint", "claim", "first_level", "communication")


@dataclass(frozen=True)
class _Dialect:
    """What the two databases say differently."""

    series: str
    moment: str
    day: str
    pad: str


_DIALECTS = {
    "sqlite": _Dialect(
        series="(WITH RECURSIVE series(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM series WHERE i < :last)"
        " SELECT i FROM series)",
        moment="datetime('now', (-({minutes})) || ' minutes') || '.000000'",
        day="date('now', (-(({minutes}) / 1440)) || ' days')",
        pad="printf('%06d', {number})",
    ),
    "postgresql": _Dialect(
        series="(SELECT generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS i)",
        moment="now() - ({minutes}) * interval '1 minute'",
        day="current_date - (({minutes}) / 1440)",
        pad="lpad(({number})::text, 6, '0')",
    ),
}


def radicado_of(index: int) -> tuple[int, str]:
    """Year and sequence of the case with this index, from 1 on."""
    year, number = divmod(index - 1, NUMBERS_A_YEAR)
    return FIRST_YEAR + year, f"{number + 1:06}"


def document_of(index: int) -> str:
    """The document number of its requester; the address is `ana<index>@correo.co`."""
    return str(10_000_000 + index)


def fill(count: int) -> Iterator[int]:
    """Add the cases, and say after each part how many there are."""
    dialect = _DIALECTS[engine().dialect.name]
    statements = [text(statement) for statement in _statements(dialect, count)]
    for first in range(1, count + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, count)
        with engine().begin() as connection:
            for statement in statements:
                connection.execute(statement, {"first": first, "last": last})
        yield last
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _one_of(values: tuple[str, ...], factor: int) -> str:
    cases = " ".join(f"WHEN {index} THEN '{value}'" for index, value in enumerate(values))
    return f"CASE (i * {factor} / 7) % {len(values)} {cases} END"


def _statements(dialect: _Dialect, count: int) -> Iterator[str]:
    minutes = f"({count} - i) * {max(1, MINUTES // count)}"
    is_open = f"i % {OPEN_ONE_IN} = 0"
    moment, day = dialect.moment.format(minutes=minutes), dialect.day.format(minutes=minutes)
    due = dialect.day.format(minutes=f"{minutes} - {21 * 1440}")
    number = dialect.pad.format(number=f"(i - 1) % {NUMBERS_A_YEAR} + 1")
    radicado = f"'1-' || ({FIRST_YEAR} + (i - 1) / {NUMBERS_A_YEAR}) || '-' || {number}"
    yield (
        "INSERT INTO desk_case (id, radicado, kind, topic, channel, dependency, state, received_at, filed_on, due_on,"
        " settled_at, attachments, created_at)"
        f" SELECT i, {radicado}, {_one_of(_KINDS, 3)}, 'glp', 'email', {_one_of(_DEPENDENCIES, 5)},"
        f" CASE WHEN {is_open} THEN 'in_progress' ELSE 'answered' END, {moment}, {day}, {due},"
        f" CASE WHEN {is_open} THEN NULL ELSE {moment} END, '[]', {moment} FROM {dialect.series} AS made"
    )
    yield (
        "INSERT INTO desk_case_content (case_id, description, searched)"
        " SELECT i, 'Pido revisar el subsidio de la pipeta, caso ' || i, 'pido revisar el subsidio de la pipeta, caso '"
        f" || i FROM {dialect.series} AS made"
    )
    yield (
        "INSERT INTO desk_requester (case_id, kind, place_code, name, document, email, telephone)"
        " SELECT i, 'person', '05001', 'Ana Gómez ' || i, '' || (10000000 + i), 'ana' || i || '@correo.co',"
        f" '3001234567' FROM {dialect.series} AS made"
    )
    yield (
        "INSERT INTO desk_case_event (case_id, at, kind, actor, detail, note)"
        f" SELECT i, {moment}, 'filed', 'citizen', '{{}}', '' FROM {dialect.series} AS made"
    )
