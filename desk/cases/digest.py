"""What is due and overdue, told to each dependency: weekly, and daily what has two business days left or fewer.

A round is written down with its mails, so that it happens once however often it is asked for; a worker that was down
on Monday makes up for it on the first business day it is back.
"""

import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultame.outbox import enqueue_email
from consultame.settings import load_settings
from desk.appointments.wording import spoken_day
from desk.cases.dependencies import dependencies
from desk.cases.kinds import KIND_NAMES, CaseKind, CaseState
from desk.cases.listing import RED_DAYS, YELLOW_DAYS
from desk.cases.models import Case, DigestRound
from desk.deadlines.business_calendar import (
    business_days_after,
    business_days_between,
    is_business_day,
    local_moment,
)

log = logging.getLogger(__name__)
MOST_LISTED = 50


@dataclass(frozen=True)
class _DueCase:
    radicado: str
    kind: CaseKind
    due_on: date


def send_digests(session: Session, *, now: datetime) -> int:
    """Enqueue the digests of this week and this day that were not yet; gives how many mails.

    Nothing happens before the office opens nor on a day that is no business day.
    """
    local = local_moment(now)
    today = local.date()
    if not is_business_day(today) or local.time() < load_settings().office_opens:
        return 0
    year, week, _ = today.isocalendar()
    count = 0
    if _begins(session, f"week:{year}-{week:02}", now):
        count += _tell_all(session, f"{year}-W{week:02}", today, YELLOW_DAYS, is_weekly=True)
    if _begins(session, f"day:{today}", now):
        count += _tell_all(session, str(today), today, RED_DAYS, is_weekly=False)
    return count


def _begins(session: Session, key: str, now: datetime) -> bool:
    """Whether this is the one to make the round; another worker waits here until the first one has ended."""
    if session.get(DigestRound, key):
        return False
    try:
        with session.begin_nested():
            session.add(DigestRound(key=key, made_at=now))
    except IntegrityError:
        return False
    return True


def _tell_all(session: Session, period: str, today: date, days: int, *, is_weekly: bool) -> int:
    addresses = {each.name: each.email for each in dependencies(session)}
    last_resort, count, unheard = load_settings().case_alerts_email or "", 0, 0
    for name, due in _due_by_dependency(session, business_days_after(today, days)).items():
        late = [each for each in due if each.due_on < today]
        soon = [each for each in due if each.due_on >= today]
        if not is_weekly and not soon:
            continue
        if not (to := addresses.get(name) or last_resort):
            unheard += 1
            continue
        subject, text = _mail(name, late, soon, today, is_weekly=is_weekly)
        key = f"case-digest:{period}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
        enqueue_email(session, dedupe_key=key, to=to, subject=subject, text=text)
        count += 1
    if unheard:
        log.warning("%s dependencies have cases due and no address (CONSULTAME_CASE_ALERTS_EMAIL)", unheard)
    return count


def _due_by_dependency(session: Session, until: date) -> dict[str, list[_DueCase]]:
    query = select(Case.dependency, Case.radicado, Case.kind, Case.due_on).where(
        Case.settled_at.is_(None), Case.state != CaseState.WAITING_FOR_CITIZEN, Case.due_on <= until
    )
    found = defaultdict(list)
    for dependency, radicado, kind, due_on in session.execute(query.order_by(Case.due_on, Case.id)):
        found[dependency].append(_DueCase(radicado, kind, due_on))
    return found


def _mail(
    dependency: str, late: list[_DueCase], soon: list[_DueCase], today: date, *, is_weekly: bool
) -> tuple[str, str]:
    address = f"{load_settings().public_url}/personal/casos?" + urlencode({"dependencia": dependency})
    period = "Esta semana" if is_weekly else "Vencen pronto"
    until = "en cinco días hábiles o menos" if is_weekly else "en dos días hábiles o menos"
    parts = [f"{dependency}: {_counted(len(late), 'caso vencido', 'casos vencidos')} y "
             f"{_counted(len(soon), 'caso que vence', 'casos que vencen')} {until}."]  # fmt: skip
    if late and is_weekly:
        parts.append(_listed("Vencidos", late, today))
    if soon:
        parts.append(_listed(f"Vencen {until}", soon, today))
    parts.append(f"Casos de la dependencia: {address}")
    subject = f"{period}: {len(soon)} por vencer, {len(late)} vencidos. {dependency}"
    return subject, "\n\n".join(parts) + "\n"


def _listed(title: str, due: list[_DueCase], today: date) -> str:
    lines = [f"{title}:"]
    for each in due[:MOST_LISTED]:
        lines.append(f"- {each.radicado} · {KIND_NAMES[each.kind]} · {_when(each.due_on, today)}")
    if len(due) > MOST_LISTED:
        lines.append(f"y {len(due) - MOST_LISTED} más")
    return "\n".join(lines)


def _when(due: date, today: date) -> str:
    day, left = spoken_day(due, "es"), business_days_between(today, due)
    if due < today:
        return f"venció el {day}" + (f", hace {_counted(-left, 'día hábil', 'días hábiles')}" if left else "")
    return f"vence hoy, {day}" if due == today else f"vence el {day}, {_left(left)}"


def _left(left: int) -> str:
    return "queda 1 día hábil" if left == 1 else f"quedan {left} días hábiles"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
