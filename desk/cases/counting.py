"""How many cases a search finds, and how near their deadlines are."""

from dataclasses import replace
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from desk.cases.listing import SEARCHED_CASES, CaseFilter, Light, conditions_of, light_condition, words_of
from desk.cases.models import Case, CaseContent

MOST_COUNTED = 1_000


def count_cases(
    session: Session, *, filters: CaseFilter, today: date, open_only: bool = False, most: int = MOST_COUNTED
) -> int:
    """How many cases there are; counting ends at one more than `most`, so that it stays fast."""
    conditions = conditions_of(filters, today)
    if open_only:
        conditions.append(Case.settled_at.is_(None))
    some = select(Case.id).where(*conditions)
    if words := words_of(filters.search):
        newest = some.order_by(Case.received_at.desc(), Case.id.desc()).limit(SEARCHED_CASES).subquery()
        some = select(newest.c.id).join(CaseContent, CaseContent.case_id == newest.c.id)
        some = some.where(*(CaseContent.searched.contains(word, autoescape=True) for word in words))
    return session.scalar(select(func.count()).select_from(some.limit(most + 1).subquery())) or 0


def light_counts(session: Session, *, filters: CaseFilter, today: date) -> dict[Light, int]:
    """How many of the open cases stand at each light, whatever light the filter asks for; words are left aside."""
    sums = [func.sum(case((light_condition(light, today), 1), else_=0)) for light in Light]
    conditions = conditions_of(replace(filters, light=None), today)
    counted = session.execute(select(*sums).where(Case.settled_at.is_(None), *conditions)).one()
    return {light: int(count or 0) for light, count in zip(Light, counted, strict=True)}
