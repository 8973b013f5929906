"""Changing, confirming or cancelling an appointment in the chat, with the code of its confirmation."""

import re
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.actions.appointment_code import CODE
from bot.actions.appointment_offers import Wanted
from bot.actions.appointment_slot import SLOT, chosen_moment, offers_instead, slot_field
from bot.actions.appointment_texts import IMPOSSIBLE, not_given, said_moment
from bot.actions.booking import booked_message, holder_of
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished, Message
from bot.dialogues.fields import (
    Accepted,
    Answers,
    Context,
    Field,
    Leaving,
    Option,
    Question,
    Reading,
    Said,
    Texts,
    asking,
    filled,
)
from bot.dialogues.form_action import DialogueAction
from bot.dialogues.readers import one_of, refused, yes
from bot.dialogues.wording import CHOOSE_ONE
from bot.dialogues.words import plain
from consultame.database import write_session
from consultame.settings import Language
from desk.appointments.booking import Booked
from desk.appointments.changes import (
    ChangeRefused,
    Impossible,
    appointment_by_reference,
    cancel,
    change,
    confirm,
    rebook,
)
from desk.appointments.holding import Taken, release_hold
from desk.appointments.links import appointment_url
from desk.appointments.models import Appointment, AppointmentState, Segment

Deed = Literal["confirm", "change", "cancel"]
_DEEDS = (
    Option(
        "change",
        {"es": "Cambiar la hora", "en": "Change the time"},
        (
            "cambiar", "cambiarla", "cambio", "mover", "moverla", "correr", "correrla", "aplazar", "aplazarla",
            "otra hora", "otro dia", "reprogramar", "reprogramarla", "reagendar", "pasar", "pasarla", "adelantar",
            "modificar", "change", "move", "reschedule", "postpone",
        ),
    ),
    Option(
        "confirm",
        {"es": "Confirmar que asisto", "en": "Confirm that I attend"},
        ("confirmar", "confirmo", "confirmarla", "confirmada", "asisto", "asistire", "asistencia", "confirm", "attend"),
    ),
    Option(
        "cancel",
        {"es": "Cancelar la cita", "en": "Cancel the appointment"},
        ("cancelar", "cancelarla", "cancelo", "cancela", "cancele", "anular", "anularla", "cancel"),
    ),
)  # fmt: skip
_DO_IT = (
    Option("yes", {"es": "Sí", "en": "Yes"}),
    Option("no", {"es": "No, dejarla como está", "en": "No, leave it as it is"}),
)
_CANCELS = re.compile(r"\b(?:cancel\w*|anul\w+)\b")
_CONFIRMED: Texts = {
    "es": "Su cita del {moment} quedó confirmada. Lo esperamos. La página de su cita: {url}",
    "en": "Your appointment on {moment} is confirmed. We look forward to it. The page of your appointment: {url}",
}
_CHANGED: Texts = {
    "es": (
        "Listo, su cita quedó para el {moment} (hora de Colombia). El código y los enlaces son los mismos: {code}. "
        "Le enviamos el nuevo archivo para su calendario; también está en {url}/cita.ics"
    ),
    "en": (
        "Done, your appointment is now on {moment} (Colombian time). Code and links are the same: {code}. We send you "
        "the new file for your calendar; it is also at {url}/cita.ics"
    ),
}
_REBOOKED: Texts = {
    "es": (
        "Listo, quedó reservada otra cita para el {moment} (hora de Colombia). Su código es {code}. La página de la "
        "cita: {url}. Archivo para su calendario: {url}/cita.ics"
    ),
    "en": (
        "Done, another appointment is booked for {moment} (Colombian time). Its code is {code}. The page of the "
        "appointment: {url}. File for your calendar: {url}/cita.ics"
    ),
}
_CANCELLED: Texts = {
    "es": "Su cita del {moment} quedó cancelada. Le enviamos un correo que la retira de su calendario.",
    "en": "Your appointment on {moment} is cancelled. We send you a mail that takes it out of your calendar.",
}
_LEFT_AS_IT_IS: Texts = {
    "es": "De acuerdo, su cita queda como estaba: {moment}",
    "en": "All right, your appointment stays as it was: {moment}.",
}
_SURE_TO_CANCEL: Texts = {
    "es": "¿Cancelo su cita del {moment}? Otra persona podrá usar la hora.",
    "en": "Do I cancel your appointment on {moment}? Somebody else can then have the time.",
}
_SURE_TO_CHANGE: Texts = {
    "es": "¿Paso su cita del {former} para el {moment}?",
    "en": "Do I move your appointment from {former} to {moment}?",
}
_YES_OR_NO: Texts = {"es": "Responda «sí» o «no».", "en": "Answer “yes” or “no”."}


def _read_deed(said: Said, answers: Answers, context: Context) -> Reading:
    if said.chosen is None:
        words = f" {plain(said.text)} "
        named = [each for each in _DEEDS if any(f" {word} " in words for word in each.words)]
        return Accepted(named[0].value) if len(named) == 1 else refused(CHOOSE_ONE, context)
    return one_of(*_DEEDS)(said, answers, context)


def _former(answers: Answers) -> datetime:
    return datetime.fromisoformat(answers["code"]["starts_at"])


def _wanted(answers: Answers, context: Context) -> Wanted:
    kept = answers["code"]
    language: Language = "en" if kept["language"] == "en" else "es"
    return Wanted(Segment(kept["segment"]), language, holder_of(context), may_wait=False)


def _sure_field(deed_of: "Deeds") -> Field:
    def ask(answers: Answers, context: Context) -> Question:
        former, moment = said_moment(_former(answers), context), chosen_moment(answers)
        if deed_of(answers) == "cancel" or moment is None:
            return Question(filled(_SURE_TO_CANCEL, context.language, moment=former), _DO_IT)
        text = filled(_SURE_TO_CHANGE, context.language, former=former, moment=said_moment(moment, context))
        return Question(text, _DO_IT)

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        agrees = yes(said)
        if said.chosen is None and deed_of(answers) == "cancel" and _CANCELS.search(plain(said.text)):
            agrees = not plain(said.text).startswith("no ") if agrees is None else agrees
        if agrees is None:
            return refused(_YES_OR_NO, context)
        if not agrees:
            text = filled(_LEFT_AS_IT_IS, context.language, moment=said_moment(_former(answers), context))
            return Leaving(text)
        return Accepted("yes")

    return Field(
        "sure", {"es": "Seguro", "en": "Sure"}, ask, read, applies=lambda answers: deed_of(answers) != "confirm",
        reads_first=True,
    )  # fmt: skip


class Deeds:
    """What is to be done with the appointment: what was chosen, or the one thing the dialogue is for."""

    def __init__(self, only: Deed | None = None) -> None:
        self._only = only

    def __call__(self, answers: Answers) -> str:
        return self._only or str(answers.get("deed", "change"))


def _fields(deed_of: Deeds, *, asks_for_deed: bool) -> tuple[Field, ...]:
    deed = Field(
        "deed",
        {"es": "Qué hacer", "en": "What to do"},
        asking("¿Qué quiere hacer con ella?", "What do you want to do with it?", options=_DEEDS),
        _read_deed,
        from_opening=True,
        reads_first=True,
    )
    slot = slot_field(_wanted, applies=lambda answers: deed_of(answers) == "change", from_opening=False)
    return (CODE, deed, slot, _sure_field(deed_of)) if asks_for_deed else (CODE, _sure_field(deed_of))


_ANY_DEED, _CANCELLING = Deeds(), Deeds("cancel")
CHANGE = Dialogue(
    form="change_appointment_form",
    intent="cambiar_cita",
    subject={"es": "el cambio de su cita", "en": "the change of your appointment"},
    opening={"es": "Con gusto miramos su cita.", "en": "Let us look at your appointment."},
    called=("cambio",),
    reads_back=False,
    fields=_fields(_ANY_DEED, asks_for_deed=True),
)
CANCELLATION = Dialogue(
    form="cancel_appointment_form",
    intent="cancelar_cita",
    subject={"es": "la cancelación de su cita", "en": "the cancellation of your appointment"},
    opening={"es": "Con gusto la cancelamos.", "en": "Let us cancel it."},
    called=("cancelacion",),
    reads_back=False,
    fields=_fields(_CANCELLING, asks_for_deed=False),
)


class ChangeAppointmentAction(DialogueAction):
    """Moves or confirms the appointment, or cancels it after all."""

    dialogue = CHANGE

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """What was done, or other half-hours when the one that was held is gone."""
        return _done(_ANY_DEED(answers), answers, context)

    def over(self, context: Context) -> None:
        """A half-hour that was held and not taken is free again."""
        with write_session() as session:
            release_hold(session, holder=holder_of(context))


class CancelAppointmentAction(DialogueAction):
    """Cancels the appointment."""

    dialogue = CANCELLATION

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """That it is cancelled."""
        return _done("cancel", answers, context)


def _done(deed: str, answers: Answers, context: Context) -> Finished | AskAgain:
    try:
        with write_session() as session:
            appointment = appointment_by_reference(session, answers["code"]["reference"])
            if appointment is None:
                raise ChangeRefused(Impossible.CANCELLED)
            if deed == "change":
                return _changed(session, appointment, answers, context)
            return _confirmed_or_cancelled(session, appointment, deed, context)
    except ChangeRefused as refusal:
        return Finished((Message(filled(IMPOSSIBLE[refusal.reason], context.language)),))


def _changed(session: Session, appointment: Appointment, answers: Answers, context: Context) -> Finished | AskAgain:
    starts_at = chosen_moment(answers)
    assert starts_at is not None
    missed = appointment.state is AppointmentState.MISSED
    holder, now = holder_of(context), context.moment
    if missed:
        made = rebook(session, missed=appointment, starts_at=starts_at, holder=holder, now=now)
    else:
        made = change(session, appointment=appointment, starts_at=starts_at, holder=holder, now=now)
    if isinstance(made, Booked):
        return Finished((booked_message(_REBOOKED if missed else _CHANGED, made, context),))
    return _others(made, starts_at, context)


def _others(taken: Taken, starts_at: datetime, context: Context) -> AskAgain:
    reason = not_given(taken.reason, starts_at, context)
    return AskAgain(SLOT, reason, counts=False, repeats_question=False, so_far=offers_instead(taken))


def _confirmed_or_cancelled(session: Session, appointment: Appointment, deed: str, context: Context) -> Finished:
    moment = said_moment(appointment.starts_at, context)
    if deed == "cancel":
        cancel(session, appointment=appointment, now=context.moment)
        return Finished((Message(filled(_CANCELLED, context.language, moment=moment)),))
    confirm(session, appointment=appointment, now=context.moment)
    url = appointment_url(appointment.reference)
    return Finished((Message(filled(_CONFIRMED, context.language, moment=moment, url=url)),))
