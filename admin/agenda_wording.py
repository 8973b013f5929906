"""What the staff reads about appointments."""

from desk.appointments.attendants import AttendantProblem
from desk.appointments.availability import Unavailable
from desk.appointments.changes import Impossible
from desk.appointments.models import AppointmentState, Outcome

STATES = {
    AppointmentState.BOOKED: "Reservada",
    AppointmentState.CONFIRMED: "Confirmada",
    AppointmentState.CANCELLED: "Cancelada",
    AppointmentState.ATTENDED: "Atendida",
    AppointmentState.MISSED: "No asistió",
}
OUTCOMES = {
    Outcome.SOLVED: "Resuelta",
    Outcome.ORIENTED: "Orientada",
    Outcome.FILED: "Radicada",
    Outcome.TRANSFERRED: "Trasladada a otra entidad",
    Outcome.FOLLOW_UP: "En seguimiento",
}
UNAVAILABLE = {
    Unavailable.HOLIDAY: "es festivo",
    Unavailable.NOT_WORKING: "está fuera de su horario",
    Unavailable.BREAK: "cae en su pausa",
    Unavailable.ABSENT: "cae en una ausencia",
    Unavailable.INACTIVE: "ya no atiende citas",
    Unavailable.SUBJECT: "ya no atiende ese tema",
    Unavailable.LANGUAGE: "ya no atiende en ese idioma",
}
ATTENDANT_PROBLEMS = {
    AttendantProblem.NAME: "El nombre está vacío o es muy largo.",
    AttendantProblem.EMAIL: "El correo no es válido.",
    AttendantProblem.EMAIL_TAKEN: "Ya hay una persona con ese correo.",
    AttendantProblem.LANGUAGES: "Elija al menos un idioma.",
    AttendantProblem.SEGMENTS: "Elija al menos un tema.",
    AttendantProblem.HOURS: "Cada horario debe terminar después de empezar.",
    AttendantProblem.ABSENCE: "La ausencia debe terminar después de empezar.",
}
IMPOSSIBLE = {
    Impossible.CANCELLED: "La cita ya estaba cancelada.",
    Impossible.OVER: "La cita ya comenzó o ya pasó.",
    Impossible.NOT_YET: "La cita todavía no ha comenzado: se marca cuando empiece.",
    Impossible.REBOOKED: "La persona ya reservó otra cita en lugar de esta.",
}
DIMENSIONS = {
    "segment": "Tema",
    "gender": "Género",
    "age_group": "Grupo de edad",
    "language": "Idioma",
    "channel": "Canal",
}
