"""What the dialogues about appointments say of days, hours and half-hours."""

from datetime import date, datetime

from bot.dialogues.fields import Context, Texts, filled
from consultame.settings import Language
from desk.appointments.changes import Impossible
from desk.appointments.holding import Refusal
from desk.appointments.spoken_dates import spoken
from desk.appointments.timetable import local
from desk.appointments.wording import spoken_time

_SHORT_WEEKDAYS: dict[Language, list[str]] = {
    "es": "lun mar mié jue vie sáb dom".split(),
    "en": "Mon Tue Wed Thu Fri Sat Sun".split(),
}
_SHORT_MONTHS: dict[Language, list[str]] = {
    "es": "ene feb mar abr may jun jul ago sep oct nov dic".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
WHICH_MOMENT: Texts = {
    "es": (
        "¿Para qué día y a qué hora quiere la cita? Escríbalo como lo diría, por ejemplo «el otro martes por la "
        "tarde», o toque una de las próximas horas libres."
    ),
    "en": (
        "For what day and time do you want the appointment? Write it as you would say it, for example “next Tuesday "
        "afternoon”, or press one of the next free times."
    ),
}
HELD: Texts = {
    "es": "Le guardo el {moment} por {minutes} minutos, mientras terminamos.",
    "en": "I keep {moment} for you for {minutes} minutes, while we finish.",
}
STARTS_AT: Texts = {
    "es": "Las citas comienzan a horas fijas; la más cercana a lo que escribió es el {moment}",
    "en": "Appointments begin at fixed times; the one nearest to what you wrote is {moment}.",
}
HOURS_OF_DAY: Texts = {
    "es": "Para el {day} hay estas horas libres. ¿Cuál le sirve?",
    "en": "On {day} these times are free. Which one suits you?",
}
OTHER_HOURS_OF_DAY: Texts = {
    "es": "Para el {wish} no hay horas libres, pero ese día hay estas. ¿Cuál le sirve?",
    "en": "There is no free time {wish}, but on that day there are these. Which one suits you?",
}
DAY_IS_FULL: Texts = {
    "es": (
        "El {day} ya no tiene horas libres. Puede elegir una de las más cercanas o quedar en la lista de espera de ese "
        "día: si alguien cancela, le ofrecemos la hora por correo."
    ),
    "en": (
        "{day} has no free times left. You can choose one of the nearest, or join the waiting list of that day: if "
        "somebody cancels, we offer you the time by e-mail."
    ),
}
NOT_ON_DAY: Texts = {
    "es": "El {day} no se dan citas. Estas son las horas libres más cercanas. ¿Cuál le sirve?",
    "en": "No appointments are given on {day}. These are the nearest free times. Which one suits you?",
}
MEANT_DAY: Texts = {"es": "Entendí «{day}».", "en": "I understood “{day}”."}
NONE_FREE: Texts = {
    "es": (
        "No hay horas libres en los próximos días. Puede intentarlo más tarde, o llamar gratis al {linea_gratuita} o "
        "escribir a {correo}."
    ),
    "en": (
        "There are no free times in the coming days. You can try again later, or call {linea_gratuita}, free of "
        "charge, or write to {correo}."
    ),
}
WAITING_LIST: Texts = {"es": "Lista de espera", "en": "Waiting list"}
ON_WAITING_LIST: Texts = {"es": "lista de espera del {day}", "en": "waiting list of {day}"}
NOT_GIVEN: dict[Refusal, Texts] = {
    Refusal.TAKEN: {
        "es": "El {moment} ya está ocupado. Estas son las horas libres más cercanas. ¿Cuál le sirve?",
        "en": "{moment} is taken. These are the nearest free times. Which one suits you?",
    },
    Refusal.PAST: {
        "es": "El {moment} ya pasó. Estas son las horas libres más cercanas. ¿Cuál le sirve?",
        "en": "{moment} has passed. These are the nearest free times. Which one suits you?",
    },
    Refusal.TOO_SOON: {
        "es": "El {moment} está demasiado cerca para reservarlo. ¿Le sirve una de estas horas?",
        "en": "{moment} is too soon to be booked. Does one of these times suit you?",
    },
    Refusal.TOO_FAR: {
        "es": "Para el {moment} todavía no se dan citas. ¿Le sirve una de estas horas?",
        "en": "Appointments are not given for {moment} yet. Does one of these times suit you?",
    },
    Refusal.HOLIDAY: {
        "es": "El {moment} es festivo. ¿Le sirve una de estas horas?",
        "en": "{moment} is a holiday. Does one of these times suit you?",
    },
    Refusal.NO_SUCH_TIME: {
        "es": "El {moment} no comienza ninguna cita. ¿Le sirve una de estas horas?",
        "en": "No appointment begins on {moment}. Does one of these times suit you?",
    },
    Refusal.NOT_ATTENDED: {
        "es": "El {moment} no hay quien atienda. ¿Le sirve una de estas horas?",
        "en": "Nobody attends on {moment}. Does one of these times suit you?",
    },
}
IMPOSSIBLE: dict[Impossible, Texts] = {
    Impossible.CANCELLED: {
        "es": "Esa cita ya está cancelada. Si la necesita, puede pedir otra aquí.",
        "en": "That appointment is cancelled already. If you need one, you can ask for another one here.",
    },
    Impossible.OVER: {
        "es": "Esa cita ya comenzó o ya pasó: no se puede confirmar, cambiar ni cancelar. Puede pedir otra aquí.",
        "en": "That appointment has begun or is over: it cannot be confirmed, changed or cancelled. You can ask for "
        "another one here.",
    },
    Impossible.NOT_YET: {"es": "Esa cita todavía no ha comenzado.", "en": "That appointment has not begun yet."},
    Impossible.REBOOKED: {
        "es": "Ya reservó otra cita en lugar de esa. Use el código de la nueva.",
        "en": "You have booked another appointment instead of that one. Use the code of the new one.",
    },
}


def said_moment(moment: datetime, context: Context) -> str:
    """«martes 1 de diciembre a las 2:05 p. m.», in Bogotá, the year only when it is another one."""
    return spoken(local(moment), context.language, today=local(context.moment).date())


def said_day(day: date, context: Context) -> str:
    """«martes 1 de diciembre», the year only when it is another one."""
    return spoken(day, context.language, today=local(context.moment).date())


def on_button(moment: datetime, language: Language) -> str:
    """«mar 1 dic 2:05 p. m.»: a half-hour on a button."""
    here = local(moment)
    weekday, month = _SHORT_WEEKDAYS[language][here.weekday()], _SHORT_MONTHS[language][here.month - 1]
    day = f"{here.day} {month}" if language == "es" else f"{month} {here.day}"
    return f"{weekday} {day} {spoken_time(moment, language)}"


def not_given(reason: Refusal, moment: datetime, context: Context) -> str:
    """Why a half-hour cannot be had."""
    return _sentence(filled(NOT_GIVEN[reason], context.language, moment=said_moment(moment, context)))


def about_day(texts: Texts, context: Context, **values: str) -> str:
    """One of the texts above about a day, with a capital."""
    return _sentence(filled(texts, context.language, **values))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
