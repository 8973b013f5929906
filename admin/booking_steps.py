"""What each page of the booking form shows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus

from sqlalchemy.orm import Session

from admin.booking_calendar import CalendarDay, DayState, calendar_month
from admin.booking_form import BookingForm, Step
from admin.booking_visit import Visit
from admin.booking_wording import BOOKING_TEXTS, LANGUAGE_NAMES
from admin.slot_values import SlotChoice, slot_choice
from consultame.data_policy import policy_version_told
from consultame.settings import Language, load_settings
from desk.appointments.availability import attendants_serving, free_slots
from desk.appointments.consent_texts import appointment_consent
from desk.appointments.holding import hold_of
from desk.appointments.models import Attendant, Segment
from desk.appointments.timetable import Slot
from desk.appointments.whatsapp_reminders import WHATSAPP_CONSENT
from desk.appointments.wording import (
    AGE_GROUPS,
    GENDERS,
    SEGMENTS,
    spoken_day,
    spoken_moment,
    spoken_month,
    spoken_time,
    weekdays,
)

_NUMBERS = {step: number for number, step in enumerate(Step, 1)}
# The fields of each page; all others travel along hidden.
_FIELDS = {
    Step.CONSENT: {"autorizo"},
    Step.TOPIC: {"segmento", "descripcion", "idioma"},
    Step.MONTH: {"mes", "dia", "atiende", "inicio", "espera"},
    Step.TIME: {"inicio", "atiende", "espera"},
    Step.DATA: {"nombre", "correo", "telefono", "whatsapp", "genero", "edad"},
    Step.REVIEW: set(),
}
_NEVER_CARRIED = {"paso", "ir", "cambiar_idioma", "autorizo"}


@dataclass(frozen=True)
class Shown:
    """Which page is shown, and what it has to say: the name of a text or a message, and the errors by field."""

    step: Step
    status: HTTPStatus = HTTPStatus.OK
    text: str = ""
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    offers: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class StaffChoice:
    """Somebody a citizen can choose."""

    value: str
    name: str


def booking_context(
    session: Session, form: BookingForm, shown: Shown, visit: Visit | None, now: datetime
) -> dict[str, object]:
    """Everything the page's template needs."""
    language, settings = form.language, load_settings()
    texts = BOOKING_TEXTS[language]
    carried = form.model_dump(exclude=_FIELDS[shown.step] | _NEVER_CARRIED)
    return {
        "language": language,
        "texts": texts,
        "form": form,
        "step": shown.step,
        "number": _NUMBERS[shown.step],
        "carried": {name: value for name, value in carried.items() if value},
        "message": shown.message or (texts[shown.text] if shown.text else ""),
        "errors": shown.errors,
        "other_language": "es" if language == "en" else "en",
        "minutes": settings.appointment_minutes,
        **_of_step(session, form, shown, visit, now),
    }


def _of_step(
    session: Session, form: BookingForm, shown: Shown, visit: Visit | None, now: datetime
) -> dict[str, object]:
    language = form.language
    match shown.step:
        case Step.CONSENT:
            text = BOOKING_TEXTS[language]["consent_text"].format(policy=appointment_consent(language))
            return {"consent_text": text, "policy_version": policy_version_told(language)}
        case Step.TOPIC:
            return {"segments": SEGMENTS[language], "languages": LANGUAGE_NAMES}
        case Step.MONTH:
            return _month(session, form, visit, now)
        case Step.TIME:
            return _times(session, form, shown, visit, now)
        case Step.DATA:
            genders, ages = GENDERS[language], AGE_GROUPS[language]
            whatsapp = WHATSAPP_CONSENT[language] if load_settings().sends_whatsapp else ""
            kept = _kept(session, form, visit, now)
            return {"genders": genders, "age_groups": ages, "whatsapp_consent": whatsapp, "kept": kept}
    return {"facts": _facts(session, form, visit, now), "kept": _kept(session, form, visit, now)}


def _month(session: Session, form: BookingForm, visit: Visit | None, now: datetime) -> dict[str, object]:
    language, staff = form.language, _staff(session, form)
    month = calendar_month(
        session, wanted=form.mes, segment=form.segment or Segment.OTHER, language=form.spoken, now=now,
        holder=visit.holder if visit else "", attendant_id=_wanted(form, staff),
    )  # fmt: skip
    texts = BOOKING_TEXTS[language]
    nobody = "" if staff else texts["nobody"].format(phone=load_settings().contact_toll_free)
    return {
        "month": month,
        "month_name": spoken_month(month.first_day, language),
        "weekdays": weekdays(language),
        "day_words": lambda day: _day_words(day, language),
        "spoken_day": lambda day: spoken_day(day, language),
        "staff": [StaffChoice(str(each.id), each.name) for each in staff],
        "nobody": nobody,
    }


def _times(session: Session, form: BookingForm, shown: Shown, visit: Visit | None, now: datetime) -> dict[str, object]:
    language, day = form.language, form.day
    slots = list(shown.offers) or _free_on(session, form, day, visit, now)
    at: dict[int, list[str]] = defaultdict(list)
    for slot in slots:
        for attendant_id in slot.attendant_ids:
            at[attendant_id].append(spoken_time(slot.starts_at, language))
    # The nearest free times may lie on several days, so the time alone would not say which one.
    words = "{name}" if shown.offers else BOOKING_TEXTS[language]["attends_at"]
    staff = [
        StaffChoice(str(each.id), words.format(name=each.name, times=", ".join(at[each.id])))
        for each in _staff(session, form)
        if at[each.id]
    ]
    choices: list[SlotChoice] = [slot_choice(slot, language) for slot in slots]
    spoken = spoken_day(day, language) if day else ""
    return {"choices": choices, "offered": bool(shown.offers), "staff": staff, "day": spoken}


def _free_on(session: Session, form: BookingForm, day: date | None, visit: Visit | None, now: datetime) -> list[Slot]:
    if day is None:
        return []
    return free_slots(
        session, first_day=day, last_day=day, segment=form.segment or Segment.OTHER, language=form.spoken, now=now,
        attendant_id=_wanted(form, _staff(session, form)), holder=visit.holder if visit else None,
    )  # fmt: skip


def _kept(session: Session, form: BookingForm, visit: Visit | None, now: datetime) -> str:
    """Until when the slot is kept, or for which day the citizen waits."""
    language = form.language
    texts = BOOKING_TEXTS[language]
    if form.waits and form.day:
        return texts["waiting_for"].format(day=spoken_day(form.day, language))
    hold = hold_of(session, holder=visit.holder, now=now) if visit else None
    if hold is None:
        return ""
    return texts["kept_until"].format(
        moment=spoken_moment(hold.starts_at, language), until=spoken_time(hold.expires_at, language)
    )


def _facts(session: Session, form: BookingForm, visit: Visit | None, now: datetime) -> list[tuple[str, str, Step]]:
    """What is read back: its name, what was said, and the page on which it can be changed."""
    language, texts = form.language, BOOKING_TEXTS[form.language]
    asked = form.request(visit)
    hold = hold_of(session, holder=visit.holder, now=now) if visit else None
    facts = [(texts["segment"], SEGMENTS[language][asked.segment], Step.TOPIC)]
    facts += [(texts["need"], asked.description, Step.TOPIC)]
    facts += [(texts["language"], LANGUAGE_NAMES[asked.language], Step.TOPIC)]
    if form.moment and hold:
        facts += [(texts["when"], spoken_moment(form.moment, language), Step.TIME)]
        attendant = session.get_one(Attendant, hold.attendant_id)
        facts += [(texts["attendant"], attendant.name, Step.TIME)]
    facts += [(texts["name"], asked.name, Step.DATA), (texts["email"], asked.email, Step.DATA)]
    facts += [(texts["phone"], asked.phone, Step.DATA)]
    if load_settings().sends_whatsapp:
        facts += [(texts["whatsapp"], texts["yes" if asked.whatsapp else "no"], Step.DATA)]
    gender = GENDERS[language][asked.gender] if asked.gender else texts["not_told"]
    age_group = AGE_GROUPS[language][asked.age_group] if asked.age_group else texts["not_told"]
    return [*facts, (texts["gender"], gender, Step.DATA), (texts["age_group"], age_group, Step.DATA)]


def _staff(session: Session, form: BookingForm) -> list[Attendant]:
    return attendants_serving(session, segment=form.segment or Segment.OTHER, language=form.spoken)


def _wanted(form: BookingForm, staff: list[Attendant]) -> int | None:
    """The chosen attendant, while he or she serves what is asked for."""
    return form.attendant_id if form.attendant_id in {each.id for each in staff} else None


def _day_words(day: CalendarDay, language: Language) -> str:
    """What stands under the number of a day."""
    texts = BOOKING_TEXTS[language]
    if day.state is DayState.FREE:
        return texts["free_one" if day.free == 1 else "free_many"].format(count=day.free)
    return texts["full"] if day.state is DayState.FULL else ""
