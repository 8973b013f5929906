"""The day and hour of an appointment as a field of a dialogue: understood, offered, held, read back.

An answer is `{"at": moment}` for a half-hour that is held, or `{"waiting": day}` for the waiting list of a full day.
Between two messages the field knows the day that was agreed on, the half-hours offered and the day with a waiting list.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from bot.actions.appointment_offers import (
    Wanted,
    next_free,
    offers_for_question,
    offers_of_day,
    office_hours,
    start_near,
)
from bot.actions.appointment_texts import (
    DAY_IS_FULL,
    HELD,
    HOURS_OF_DAY,
    MEANT_DAY,
    NONE_FREE,
    NOT_ON_DAY,
    ON_WAITING_LIST,
    OTHER_HOURS_OF_DAY,
    STARTS_AT,
    WAITING_LIST,
    WHICH_MOMENT,
    about_day,
    not_given,
    on_button,
    said_day,
    said_moment,
)
from bot.dialogues.fields import (
    Accepted,
    Answer,
    Answers,
    Context,
    Field,
    Leaving,
    Option,
    Question,
    Reading,
    Refused,
    Said,
    Unfinished,
    always,
    filled,
    so_far_of,
)
from bot.dialogues.readers import yes
from bot.dialogues.words import names, plain
from consultame.database import read_session, write_session
from consultame.settings import Language, load_settings
from desk.appointments.holding import Refusal, Taken, hold_slot
from desk.appointments.spoken_dates import Ask, Day, Moment, Reason, question, spoken, understood, within_office
from desk.appointments.timetable import Slot, local
from desk.appointments.wording import spoken_day, spoken_moment

SLOT = "slot"
WantedBy = Callable[[Answers, Context], Wanted]
_CALLED = (
    "fecha", "dia", "hora", "horario", "fecha y hora", "cuando", "date", "day", "time", "hour", "date and time",
)  # fmt: skip
_HOUR = ("hora", "time", "hour")
_ORDINAL = re.compile(
    r"(?:la |el |the |opcion |option )*(?:(primer[ao]?|first|1)|(segund[ao]|second|2)|(tercer[ao]?|third|3)"
    r"|(cuart[ao]|fourth|4)|(ultim[ao]|last))(?: opcion| option| one| hora)?(?: por favor| please)?"
)
_WAITING = re.compile(r"\b(?:lista de espera|espero|esperar|waiting list|wait)\b")


class SoFar(TypedDict, total=False):
    """What the field knows between two messages."""

    day: str
    offers: list[str]
    waiting: str


def slot_field(wanted_by: WantedBy, *, applies: Callable[[Answers], bool] = always, from_opening: bool = True) -> Field:
    """The field; what is held is for whom `wanted_by` says."""

    def ask(answers: Answers, context: Context) -> Question:
        known: SoFar = answers.get(so_far_of(SLOT)) or {}
        offers = [datetime.fromisoformat(each) for each in known.get("offers", [])]
        if not known:
            with read_session() as session:
                offers = [slot.starts_at for slot in next_free(session, wanted_by(answers, context), context.moment)]
        options = [Option(each.isoformat(), _titles(each)) for each in offers]
        if "waiting" in known:
            options.append(Option(f"waiting:{known['waiting']}", WAITING_LIST))
        return Question(filled(WHICH_MOMENT, context.language), tuple(options))

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        return _SlotReading(wanted_by(answers, context), answers, context).read(said)

    return Field(
        SLOT, {"es": "Día y hora", "en": "Day and time"}, ask, read, called=_CALLED, from_opening=from_opening,
        applies=applies, read_back=_read_back,
    )  # fmt: skip


def offers_instead(taken: Taken) -> SoFar:
    """What the field offers when the half-hour it had is gone."""
    return {"offers": [slot.starts_at.isoformat() for slot in sorted(taken.offers)]}


def chosen_moment(answers: Answers) -> datetime | None:
    """The half-hour in the answers; None when it is the waiting list, or nothing yet."""
    at = (answers.get(SLOT) or {}).get("at")
    return datetime.fromisoformat(at) if at else None


def waiting_day(answers: Answers) -> date | None:
    """The day whose waiting list was chosen."""
    day = (answers.get(SLOT) or {}).get("waiting")
    return date.fromisoformat(day) if day else None


class _SlotReading:
    """One message read for day and hour."""

    def __init__(self, wanted: Wanted, answers: Answers, context: Context) -> None:
        self._wanted, self._answers, self._context = wanted, answers, context
        self._known: SoFar = answers.get(so_far_of(SLOT)) or {}

    def read(self, said: Said) -> Reading:
        if chosen := self._chosen(said):
            if chosen.startswith("waiting:"):
                return Accepted({"waiting": chosen.removeprefix("waiting:")})
            return self._hold(datetime.fromisoformat(chosen))
        now, hours = self._context.moment, office_hours()
        alone = understood(said.text, now, hours=hours)
        names_none = isinstance(alone, Ask) and alone.reason is Reason.NO_DATE
        if names_none and not names(said.text, _HOUR):
            return Refused(question(Ask(Reason.NO_DATE), self._context.language))
        day = self._day_agreed()
        meant = within_office(understood(said.text, now, day=day, hours=hours) if day else alone, hours)
        if isinstance(meant, Moment):
            return self._hold(meant.at)
        with read_session() as session:
            return self._of_day(session, meant) if isinstance(meant, Day) else self._question(session, meant)

    def _chosen(self, said: Said) -> str | None:
        """The value of a button; in writing, the place of an offer, a «sí» to the only one, or the waiting list."""
        if said.chosen is not None:
            return said.chosen[1]
        offers = self._known.get("offers", [])
        if "waiting" in self._known and _WAITING.search(plain(said.text)):
            return f"waiting:{self._known['waiting']}"
        if place := _ORDINAL.fullmatch(plain(said.text)):
            number = next(index for index, group in enumerate(place.groups()) if group)
            number = len(offers) - 1 if number == len(place.groups()) - 1 else number
            return offers[number] if 0 <= number < len(offers) else None
        return offers[0] if len(offers) == 1 and yes(said) else None

    def _day_agreed(self) -> date | None:
        """For a message that names an hour only: the day talked about, or that of the half-hour to be changed."""
        if day := self._known.get("day"):
            return date.fromisoformat(day)
        kept = chosen_moment(self._answers)
        return local(kept).date() if kept else None

    def _hold(self, wish: datetime) -> Reading:
        starts_at = start_near(wish)
        with write_session() as session:
            held = hold_slot(
                session, starts_at=starts_at, segment=self._wanted.segment, language=self._wanted.language,
                holder=self._wanted.holder, now=self._context.moment,
            )  # fmt: skip
        if isinstance(held, Taken):
            reason = not_given(held.reason, starts_at, self._context)
            day = local(starts_at).date()
            is_full = held.reason is Refusal.TAKEN and all(slot.day != day for slot in held.offers)
            return self._offer(reason, sorted(held.offers), day=day, waiting=day if is_full else None)
        moment = said_moment(starts_at, self._context)
        note = filled(
            HELD, self._context.language, moment=moment, minutes=str(load_settings().appointment_hold_minutes)
        )
        if starts_at != wish:
            note = filled(STARTS_AT, self._context.language, moment=moment) + " " + note
        return Accepted({"at": starts_at.isoformat()}, note)

    def _of_day(self, session: Session, meant: Day) -> Reading:
        found = offers_of_day(session, meant.on, meant.when, self._wanted, self._context.moment)
        day, language = said_day(meant.on, self._context), self._context.language
        wish = spoken(meant, language, today=local(self._context.moment).date())
        if found.fits:
            return self._offer(about_day(HOURS_OF_DAY, self._context, day=wish), found.slots, day=meant.on)
        if found.on_the_day:
            return self._offer(about_day(OTHER_HOURS_OF_DAY, self._context, wish=wish), found.slots, day=meant.on)
        if found.is_full:
            reason = about_day(DAY_IS_FULL, self._context, day=day)
            return self._offer(reason, found.slots, waiting=meant.on)
        return self._offer(about_day(NOT_ON_DAY, self._context, day=day), found.slots)

    def _question(self, session: Session, ask: Ask) -> Reading:
        today, language = local(self._context.moment).date(), self._context.language
        if ask.reason is Reason.NO_DATE:
            return Refused(question(ask, language, today=today))
        slots = offers_for_question(session, ask, self._wanted, self._context.moment)
        reason = question(ask, language, today=today)
        if len(ask.candidates) == 1:
            meant = about_day(MEANT_DAY, self._context, day=spoken(ask.candidates[0], language, today=today))
            reason = f"{meant} {reason}"
        return self._offer(reason, slots)

    def _offer(
        self, reason: str, slots: Sequence[Slot], *, day: date | None = None, waiting: date | None = None
    ) -> Reading:
        waiting = waiting if self._wanted.may_wait else None
        if not slots and waiting is None:
            return Leaving(filled(NONE_FREE, self._context.language))
        known = SoFar(offers=[slot.starts_at.isoformat() for slot in slots])
        if day is not None:
            known["day"] = day.isoformat()
        if waiting is not None:
            known["waiting"] = waiting.isoformat()
        return Unfinished(known, reason)


def _titles(moment: datetime) -> dict[Language, str]:
    return {"es": on_button(moment, "es"), "en": on_button(moment, "en")}


def _read_back(value: Answer, language: Language) -> str:
    if "waiting" in value:
        day = spoken_day(date.fromisoformat(value["waiting"]), language)
        return filled(ON_WAITING_LIST, language, day=day)
    return spoken_moment(datetime.fromisoformat(value["at"]), language)
