"""Which day a text means: what its rules found, weighed together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.appointments.spoken_dates.days import Days, between, none_for
from desk.appointments.spoken_dates.rules import READ, Found
from desk.appointments.spoken_dates.understood import Reason

# «después del 8», «desde el lunes»; what was read as an hour before is `READ`.
_FROM = re.compile(
    r"(?<![a-z])(?:despues(?: de)?|despues del|a partir(?: de)?|a partir del|luego(?: de)?|luego del|pasado|desde|after|from|since|starting(?: on)?|not before)"
    r"(?: el| del| la| los| las| the| dia| on)*$"
)
_UNTIL = re.compile(
    r"(?<![a-z])(?:antes(?: de)?|antes del|hasta|a mas tardar|maximo|before|until|by|no later than)(?: el| del| la| the| dia| on)*$"
)
_WITHOUT = re.compile(
    r"(?:(?<!por que )(?<!why )(?<!si )\b(?:no|not|don't|cannot|can't)(?: (?:puedo|podria|me|sirve|queda|bien|quiero|tengo|estoy|voy|puede|ser|que|sea|para|i|can|do|make|it|want))*"
    r"|\b(?:ni|menos|excepto|salvo|except))(?: el| la| los| este| para| on| the)*$"
)
_NOT_THEN = re.compile(
    rf"^(?: {READ}+)*(?: ,)? (?:no(?: ,|$| pued| me| se | tengo| estoy| voy| hay| pero| mejor| sino| es posible| porque| alcanzo)|tampoco|imposible|i can't|doesn't|is not|isn't|won't)"
)
_RATHER = re.compile(r"\b(?:mejor|perdon|mas bien|sino|corrijo|digo|disculpe?|rather|instead|sorry|actually|i mean)\b")
_EITHER = re.compile(r"(?<![a-z])(?:o|u|or|y|and|,|ni|o sino|o si no|o tambien|o el|o la)(?![a-z])")
_YEAR_AFTER = re.compile(r"(?: ,)?(?: de| del| of)?(?: ano)? ((?:19|20)\d\d)(?![^ ])")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Said:
    days: Days
    start: int
    end: int


def day_said(found: Sequence[Found[Days]], text: str, today: date) -> Days | None:
    """The days that a text means; None when it names none. Without hours, in their place is `READ`."""
    said = [_in_its_year(_bounded(each, text, today), text, today) for each in found]
    meant = _meant(said, text)
    if said and not meant:
        return none_for(Reason.WHICH_DAY)
    return _weighed(meant, text, today) if meant else None


def _bounded(found: Found[Days], text: str, today: date) -> _Said:
    """«después del 8» and «antes del viernes» are spans, not the 8th or Friday."""
    days, before = found.meaning, text[: found.start].rstrip(" ,")
    if len(days.likely) == 1 and not days.reason:
        if _FROM.search(before):
            first = days.likely[0] + (
                timedelta() if re.search(r"(?:partir|desde|from|starting)[ a-z]*$", before) else _DAY
            )
            days = between(first, None)
        elif _UNTIL.search(before):
            last = days.likely[0] - (_DAY if re.search(r"(?:antes|before)[ a-z]*$", before) else timedelta())
            days = between(today, last) if last >= today else none_for(Reason.PAST)
    return _Said(days, found.start, found.end)


def _in_its_year(said: _Said, text: str, today: date) -> _Said:
    """A day whose year is said apart («navidad de 2025») and is another one is not the day that was found."""
    year = _YEAR_AFTER.match(text, said.end)
    if year is None or not said.days.likely or any(day.year == int(year[1]) for day in said.days.likely):
        return said
    problem = none_for(Reason.PAST) if int(year[1]) < today.year else none_for(Reason.CONTRADICTION, *said.days.likely)
    return _Said(problem, said.start, said.end)


def _meant(said: list[_Said], text: str) -> list[_Said]:
    """Without what is ruled out («el martes no»), corrected («no, mejor el jueves») or only told («hace 3 días»)."""
    wanted = [
        each
        for each in said
        if not _WITHOUT.search(
            text[: each.start].rstrip(" ,") if not text[: each.start].endswith(", ") else text[: each.start]
        )
        and not _NOT_THEN.search(text[each.end :])
    ]
    for number in range(len(wanted) - 1, 0, -1):
        if _RATHER.search(text[wanted[number - 1].end : wanted[number].start]):
            wanted = wanted[number:]
            break
    whole = [each for each in wanted if each.days.reason not in (Reason.PAST, Reason.ANY, Reason.WHICH_DAY)]
    return whole or wanted


def _weighed(said: list[_Said], text: str, today: date) -> Days:
    said = _without_background(said)
    if len(said) == 1:
        return said[0].days
    problem = next((each.days for each in said if each.days.reason), None)
    if problem:
        return problem
    admitted = sorted(
        {
            day
            for each in said
            for day in (*each.days.likely, *each.days.spanned)
            if day >= today and all(other.days.admits(day) for other in said)
        }
    )
    if len(admitted) == 1:
        return Days((admitted[0],), lambda day: day == admitted[0])
    if admitted:
        return _narrowed(said, admitted)
    if any(all(other.days.admits(day) for other in said) for each in said for day in each.days.spanned):
        return none_for(Reason.PAST)
    likely = tuple(sorted({day for each in said for day in each.days.likely if day >= today}))
    if not likely:
        return none_for(Reason.WHICH_DAY)
    gaps = (text[one.end : other.start] for one, other in zip(said, said[1:], strict=False))
    return none_for(Reason.SEVERAL if any(map(_EITHER.search, gaps)) else Reason.CONTRADICTION, *likely)


def _without_background(said: list[_Said]) -> list[_Said]:
    """Without «desde el lunes» where another day is named that does not fit: «desde el lunes espero, ¿puede ser hoy?»."""
    named = [day for each in said for day in each.days.likely]
    return [
        each
        for each in said
        if each.days.likely
        or (each.days.first and each.days.last)
        or each.days.reason
        or not named
        or any(map(each.days.admits, named))
    ]


def _narrowed(said: list[_Said], admitted: list[date]) -> Days:
    """Several days fit all that was said: the likely ones if any, else a span."""
    likely = [day for day in admitted if any(day in each.days.likely for each in said)]
    if likely:
        return Days(tuple(likely), lambda day: day in likely)
    if any(each.days.first is None and each.days.last is None for each in said):
        return Days(tuple(admitted), lambda day: day in admitted)
    return between(admitted[0], admitted[-1])
