"""Which day a text means: what its rules found, weighed together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from desk.appointments.spoken_dates.days import MONTH_DAYS, Days, between, none_for
from desk.appointments.spoken_dates.rules import READ, Found
from desk.appointments.spoken_dates.understood import Reason

# «después del 8», «desde el lunes»; what was read as an hour before is `READ`.
_FROM = re.compile(
    r"(?<![a-z])(?:despues(?: de)?|despues del|a partir(?: de)?|a partir del|luego(?: de)?|luego del|pasado|desde"
    r"|after|from|since|starting(?: on)?|not before|no antes(?: de)?|no antes del)"
    r"(?: el| del| la| los| las| the| dia| on)*$"
)
_UNTIL = re.compile(
    r"(?<![a-z])(?:(?<!no )antes(?: de)?|(?<!no )antes del|de aqui al?|de hoy al?|hasta|a mas tardar|maximo|before"
    r"|until|by|no later than)(?: el| del| la"
    r"| the| dia| on)*$"
)
_WITHOUT = re.compile(
    r"(?:(?<!por que )(?<!why )(?<!si )\b(?:no|not|don't|cannot|can't)(?: (?:puedo|podria|me|sirve|queda|bien"
    r"|quiero|tengo|estoy|voy|puede|ser|que|sea|para|i|can|do|make|it|want))*"
    r"|\b(?:ni|menos|excepto|salvo|except))(?: el| la| los| este| para| on| the)*$"
)
_NOT_THEN = re.compile(
    rf"^(?: {READ}+)*(?: ,)? (?:no(?: ,|$| pued| me| se | tengo| estoy| voy| hay| pero| mejor| sino| es posible"
    r"| porque| alcanzo)(?! (?:mejor )?~)|tampoco|imposible|i can't|doesn't|is not|isn't|won't)"
)
_ONWARDS = re.compile(r"^ (?:en adelante|para adelante|onwards?|o despues|or later)(?![^ ])")
_AT_THE_LATEST = re.compile(r"^ (?:a mas tardar|como maximo|maximo|at the latest|o antes)(?![^ ])")
_SINCE = re.compile(r"(?:desde|since)[ a-z]*$")
_MOVED = re.compile(r"\b(?:cambi|pasar|pase|mov|muev|reprogram|reagend|aplaz|correr|corra|reschedul|change)")
_TO = re.compile(r" (?:para|al|por|to)(?: el| la)? ?$")
_RATHER = re.compile(r"\b(?:mejor|perdon|mas bien|sino|corrijo|digo|disculpe?|rather|instead|sorry|actually|i mean)\b")
_EITHER = re.compile(r"(?<![a-z])(?:o|u|or|y|and|,|ni|o sino|o si no|o tambien|o el|o la)(?![a-z])")
_YEAR_AFTER = re.compile(r"(?: ,)?(?: de| del| of)?(?: ano)? ((?:19|20)\d\d)(?![^ ])")
_INCLUDED = re.compile(r"(?:partir|desde|from|starting|no antes|not before)[ a-z]*$")
_EXCLUDED = re.compile(r"(?:antes|before)[ a-z]*$")
# How far from a day the words that bound it or rule it out are looked for, in characters.
_NEAR = 80
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Said:
    days: Days
    start: int
    end: int
    is_background: bool = False


def day_said(found: Sequence[Found[Days]], text: str, today: date) -> Days | None:
    """The days that a text means; None when it names none. Without hours, in their place is `READ`."""
    said = [_in_its_year(_bounded(each, text, today), text, today) for each in found]
    meant = _meant(said, text)
    if said and not meant:
        return none_for(Reason.WHICH_DAY)
    return _weighed(meant, text, today) if meant else None


def _bounded(found: Found[Days], text: str, today: date) -> _Said:
    """«después del 8» and «antes del viernes» are spans, not the 8th or Friday."""
    days, before = found.meaning, text[max(0, found.start - _NEAR) : found.start].rstrip(" ,")
    after = text[found.end : found.end + _NEAR]
    if len(days.likely) == 1 and not days.reason:
        if _ONWARDS.search(after):
            days = between(days.likely[0], None)
        elif _FROM.search(before):
            days = between(days.likely[0] + (timedelta() if _INCLUDED.search(before) else _DAY), None)
        elif _UNTIL.search(before) or _AT_THE_LATEST.search(after):
            last = days.likely[0] - (_DAY if _EXCLUDED.search(before) else timedelta())
            days = between(today, last) if last >= today else none_for(Reason.PAST)
    is_background = days is not found.meaning and _SINCE.search(before) is not None
    return _Said(days, found.start, found.end, is_background)


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
        if not _WITHOUT.search(text[max(0, each.start - _NEAR) : each.start].rstrip(" "))
        and not _NOT_THEN.search(text[each.end : each.end + _NEAR])
    ]
    for number in range(len(wanted) - 1, 0, -1):
        gap = text[wanted[number - 1].end : wanted[number].start]
        if _RATHER.search(gap) or (_TO.search(gap) and _MOVED.search(text[: wanted[number - 1].start])):
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
    admitted = _first_after_a_bound(said) or sorted(
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
    gaps = (text[one.end : other.start] for one, other in pairwise(said))
    return none_for(Reason.SEVERAL if any(map(_EITHER.search, gaps)) else Reason.CONTRADICTION, *likely)


def _first_after_a_bound(said: list[_Said]) -> list[date]:
    """«el martes después del 8»: the first Tuesday from there on."""
    bounds = [each.days.first for each in said if each.days.first and each.days.last is None]
    if not bounds or not any(each.days.likely for each in said):
        return []
    days = (max(bounds) + timedelta(days=number) for number in range(MONTH_DAYS))
    return [day for day in days if all(each.days.admits(day) for each in said)][:1]


def _without_background(said: list[_Said]) -> list[_Said]:
    """Without «desde el lunes» where another day is named, and does not fit: «desde el lunes espero; ¿es hoy?»"""
    named = [day for each in said for day in each.days.likely]
    return [each for each in said if not each.is_background or not named or any(map(each.days.admits, named))]


def _narrowed(said: list[_Said], admitted: list[date]) -> Days:
    """Several days fit all that was said: the likely ones if any, else a span, or the few of them to choose from."""
    likely = [day for day in admitted if any(day in each.days.likely for each in said)]
    if likely and not any(each.days.spanned for each in said):
        return Days(tuple(likely), lambda day: day in likely)
    if any(each.days.likely for each in said):
        return Days(tuple(admitted), lambda day: day in admitted)
    return between(admitted[0], admitted[-1])
