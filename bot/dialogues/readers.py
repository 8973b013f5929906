"""How the value of a field is read from a message: one reader for each kind of value, for all dialogues."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.components.spanish_text import has_words
from bot.dialogues import wording
from bot.dialogues.fields import (
    Accepted,
    Answer,
    Answers,
    Context,
    Option,
    Reader,
    Reading,
    Refused,
    Said,
    Texts,
    filled,
)
from bot.dialogues.spoken import local_day
from bot.dialogues.words import looks_like_a_question, plain, yes_or_no
from consultame.settings import Language, is_email
from desk.identifiers import IdentifierKind
from desk.places import PlaceKind, municipalities

MAXIMUM_SHORT_TEXT = 200
MAXIMUM_FREE_TEXT = 4000
FEWEST_CHARACTERS_OF_A_DESCRIPTION = 10
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{3,29}")
_DAYS_AGO = {0: {"hoy", "today"}, 1: {"ayer", "yesterday"}, 2: {"antier", "anteayer"}}
_PLATE_ALONE = re.compile(r"[A-Z]{3}[0-9]{3}|[A-Z]{3}[0-9]{2}[A-Z]?|[A-Z]{2}[0-9]{4}|[RS][0-9]{5}")
_DOCUMENT_NUMBER = re.compile(r"(?<![\w@])\d(?:[ .,'-]?\d){4,11}(?![\w@])")
_PASSPORT = re.compile(r"(?<![\w@])[A-Za-z]{1,3}\d{5,8}(?![\w@])")
_DIGIT = re.compile(r"\d")
_NO_NAME = re.compile(r"[\d@<>{}\[\]\\/|=+*#$%^~_]")
_LEAD_IN = re.compile(
    r"^(?:mi nombre (?:completo )?es|me llamo|soy|a nombre de|my name is|i am|i'm|el nombre es)\s+", re.IGNORECASE
)


def refused(texts: Texts, context: Context, **values: str) -> Refused:
    """A refusal in the citizen's language."""
    return Refused(filled(texts, context.language, **values))


def one_of(*options: Option) -> Reader:
    """One of these options, by its button, its title or its words."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        if said.chosen is not None:
            chosen = next((option for option in options if option.value == said.chosen[1]), None)
        else:
            chosen = option_named_in(said.text, options)
        return Accepted(chosen.value) if chosen else refused(wording.CHOOSE_ONE, context)

    return read


def shown_by(options: tuple[Option, ...]) -> Callable[[Answer, Language], str]:
    """How a chosen value is read back: by its button's title."""

    def shown(value: Answer, language: Language) -> str:
        return next(option.title[language] for option in options if option.value == value)

    return shown


def option_named_in(text: str, options: tuple[Option, ...]) -> Option | None:
    """The one option that a short text names; None when it names none or several, or asks something."""
    said = plain(text)
    for option in options:
        if said in {plain(title) for title in option.title.values()} or said in option.words:
            return option
    if looks_like_a_question(text) or len(said.split()) > 12:
        return None
    padded = f" {said} "
    named = [option for option in options if any(f" {word} " in padded for word in option.words)]
    return named[0] if len(named) == 1 else None


def yes(said: Said, options: tuple[str, str] = ("yes", "no")) -> bool | None:
    """Whether a message, typed or pressed, says yes to a question with the options yes and no."""
    if said.chosen is not None:
        return {options[0]: True, options[1]: False}.get(said.chosen[1])
    answer = yes_or_no(said.text)
    if answer is None and not looks_like_a_question(said.text):
        answer = {"afirmar": True, "negar": False}.get(said.intent)
    return answer


def entity(kind: str, missing: Texts, several: Texts | None = None) -> Reader:
    """The identifier of this kind; with `several`, more than one different is refused with it."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        values = list(dict.fromkeys(said.values_of(kind)))
        if not values:
            return refused(missing, context)
        if len(values) > 1 and several is not None:
            return refused(several, context)
        return Accepted(values[0])

    return read


def email(missing: Texts) -> Reader:
    """A whole e-mail address."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        found = [value for value in said.values_of(IdentifierKind.EMAIL) if is_email(value)]
        return Accepted(found[0]) if found else refused(missing, context)

    return read


def description(too_short: Texts, too_long: Texts, *, longest: int = MAXIMUM_FREE_TEXT) -> Reader:
    """Whatever is written, within bounds; it must have words."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        text = said.text.strip()
        if len(text) > longest:
            return refused(too_long, context, limit=str(longest))
        if len(text) < FEWEST_CHARACTERS_OF_A_DESCRIPTION or not has_words(text):
            return refused(too_short, context)
        return Accepted(text)

    return read


def short_text(problem: Texts) -> Reader:
    """A short text with words or figures, such as the name of a workshop."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        text = said.text.strip(" .,;:")
        is_fit = 2 <= len(text) <= MAXIMUM_SHORT_TEXT and any(character.isalnum() for character in text)
        return Accepted(text) if is_fit else refused(problem, context, limit=str(MAXIMUM_SHORT_TEXT))

    return read


def person_name(problem: Texts) -> Reader:
    """A person's name and surname as written, without «me llamo»."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        name = _LEAD_IN.sub("", said.text.strip(" .,;:"))
        words = [word for word in re.split(r"\s+", name) if has_words(word)]
        is_fit = 2 <= len(words) <= 10 and len(name) <= MAXIMUM_SHORT_TEXT and not _NO_NAME.search(name)
        return Accepted(name) if is_fit else refused(problem, context)

    return read


def plate(missing: Texts, several: Texts) -> Reader:
    """A vehicle's plate in its normal form; alone in the message, older forms too."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        alone = re.sub(r"[\s.-]", "", said.text).upper()
        if _PLATE_ALONE.fullmatch(alone):
            return Accepted(alone)
        return entity(IdentifierKind.PLATE, missing, several)(said, answers, context)

    return read


def identity_document(problem: Texts) -> Reader:
    """The number of an identity document, digits only; a passport's with its letters."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        if looks_like_a_question(said.text):
            return refused(problem, context)
        numbers = {re.sub(r"\D", "", found) for found in _DOCUMENT_NUMBER.findall(said.text)}
        found = {number for number in numbers if 5 <= len(number) <= 11}
        found = found or {each.upper() for each in _PASSPORT.findall(said.text) if _DIGIT.search(each)}
        return Accepted(found.pop()) if len(found) == 1 else refused(problem, context)

    return read


def serial(problem: Texts) -> Reader:
    """A serial number as it is engraved: letters and figures together, at least one figure."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        plates = {value.lower() for value in said.values_of(IdentifierKind.PLATE)}
        found = [
            word.upper()
            for word in _SERIAL.findall(said.text)
            if _DIGIT.search(word) and word.lower().replace("-", "") not in plates
        ]
        return Accepted(found[0]) if len(set(found)) == 1 else refused(problem, context)

    return read


def municipality(unknown: Texts, several: Texts) -> Reader:
    """A municipality by its DIVIPOLA code; of several with the name, the department tells which."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        found = list(dict.fromkeys(said.values_of(PlaceKind.MUNICIPALITY)))
        if not found:
            return refused(unknown, context)
        codes = found[0].split("|")
        if len(found) > 1 or len(codes) > 1:
            return refused(several, context, places=_places([code for each in found for code in each.split("|")]))
        return Accepted(codes[0])

    return read


def _places(codes: list[str]) -> str:
    return ", ".join(municipality_name(code) for code in codes[:6])


def municipality_name(code: str) -> str:
    """A municipality with its department: «Mocoa, Putumayo»."""
    place = municipalities()[code]
    return place.name if place.name == place.department else f"{place.name}, {place.department}"


def past_date(missing: Texts, in_the_future: Texts) -> Reader:
    """A day until today; one without a year is the last that has been."""

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        today = local_day(context.moment)
        day = _relative_day(said.text, today)
        if day is None:
            values = said.values_of(IdentifierKind.DATE)
            day = _day(values[0], today) if values else None
        if day is None:
            return refused(missing, context)
        return Accepted(day.isoformat()) if day <= today else refused(in_the_future, context)

    return read


def _relative_day(text: str, today: date) -> date | None:
    words = set(plain(text).split())
    named = [days for days, names in _DAYS_AGO.items() if names & words]
    return today - timedelta(days=named[0]) if len(named) == 1 else None


def _day(value: str, today: date) -> date | None:
    if not value.startswith("--"):
        return date.fromisoformat(value)
    for year in range(today.year, today.year - 5, -1):
        try:
            day = date.fromisoformat(f"{year}{value[1:]}")
        except ValueError:
            continue
        if day <= today:
            return day
    return None
