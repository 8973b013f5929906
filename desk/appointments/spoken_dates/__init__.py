"""Day and hour of an appointment as citizens type them, in Colombian Spanish and in English."""

from desk.appointments.spoken_dates.office import within_office
from desk.appointments.spoken_dates.resolution import understood
from desk.appointments.spoken_dates.times import OfficeHours
from desk.appointments.spoken_dates.understood import BOGOTA, Ask, Day, Moment, Part, Reason, Understood, When
from desk.appointments.spoken_dates.wording import question, spoken

__all__ = [
    "BOGOTA",
    "Ask",
    "Day",
    "Moment",
    "OfficeHours",
    "Part",
    "Reason",
    "Understood",
    "When",
    "question",
    "spoken",
    "understood",
    "within_office",
]
