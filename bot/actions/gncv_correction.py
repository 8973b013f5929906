"""A correction of vehicle gas records in the chat: which datum, of which vehicle, and by whom it is filed."""

from bot.actions.filing import described, file_and_acknowledge
from bot.actions.requester_fields import requester_fields, requester_in
from bot.dialogues.consent import consent_field
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished
from bot.dialogues.fields import Answers, Context, Field, Link, Option, Style, Texts, asking
from bot.dialogues.form_action import DialogueAction
from bot.dialogues.readers import description, one_of, plate, serial, short_text, shown_by
from desk.cases.kinds import CaseKind

TOPIC = "GNCV: corrección de datos"
_WRONG = (
    Option("plate", {"es": "La placa", "en": "The plate"}, ("placa", "placas", "plate")),
    Option("vin", {"es": "El VIN o chasis", "en": "The VIN"}, ("vin", "chasis", "chassis")),
    Option("serial", {"es": "El serial", "en": "The cylinder's serial"}, ("serial", "cilindro", "cylinder")),
    Option("date", {"es": "Una fecha", "en": "A date"}, ("fecha", "fechas", "date", "certificacion", "revision")),
    Option("other", {"es": "Otro dato", "en": "Something else"}, ("otro", "otra", "other", "dueno", "propietario")),
)
_NO_PLATE: Texts = {
    "es": "No reconocí una placa. Se escribe con tres letras y tres números, como ABC123.",
    "en": "I recognised no plate. It has three letters and three figures, like ABC123.",
}
_SEVERAL_PLATES: Texts = {
    "es": "Veo más de una placa. Escriba solo la que tiene el vehículo.",
    "en": "I see more than one plate. Write only the one that the vehicle has.",
}
_NO_SERIAL: Texts = {
    "es": "No reconocí un serial. Escriba solo el número grabado en el cilindro, con sus letras si las tiene.",
    "en": "I recognised no serial. Write only the number engraved on the cylinder, with its letters if it has any.",
}
_NO_WORKSHOP: Texts = {
    "es": "Escriba el nombre del taller en pocas palabras (máximo {limit} caracteres).",
    "en": "Write the name of the workshop in few words ({limit} characters at most).",
}
_TOO_SHORT: Texts = {
    "es": "Cuente qué dato está mal, cómo aparece y cómo debe quedar.",
    "en": "Tell what is wrong, how it appears and how it should be.",
}
_TOO_LONG: Texts = {
    "es": "Es muy largo: resúmalo en máximo {limit} caracteres.",
    "en": "That is too long: sum it up in {limit} characters at most.",
}


_shown_wrong = shown_by(_WRONG)


CORRECTION = Dialogue(
    form="gncv_form",
    intent="corregir_gncv",
    subject={"es": "la corrección de gas vehicular", "en": "the vehicle gas correction"},
    opening={
        "es": (
            "Vamos a radicar la corrección de los datos de su vehículo a gas. El taller o certificador registró esos "
            "datos, así que el Ministerio los revisa con él."
        ),
        "en": (
            "Let us file the correction of your gas vehicle's data. The workshop or certifier recorded them, so the "
            "Ministry checks them with it."
        ),
    },
    called=("correccion", "gas", "vehicular"),
    confirm={"es": "Sí, radicar", "en": "Yes, file it"},
    fields=(
        consent_field(
            {
                "es": "radicar esta corrección y responderle",
                "en": "file this correction and answer you",
            }
        ),
        Field(
            "wrong",
            {"es": "Dato errado", "en": "What is wrong"},
            asking("¿Qué dato está mal?", "What is wrong?", options=_WRONG),
            one_of(*_WRONG),
            called=("dato", "datos", "errado", "datum"),
            from_opening=True,
            read_back=_shown_wrong,
        ),
        Field(
            "plate",
            {"es": "Placa", "en": "Plate"},
            asking("¿Qué placa tiene el vehículo?", "What plate does the vehicle have?"),
            plate(_NO_PLATE, _SEVERAL_PLATES),
            called=("placa", "placas", "plate"),
            from_opening=True,
        ),
        Field(
            "serial",
            {"es": "Serial del cilindro", "en": "Cylinder serial"},
            asking(
                "¿Cuál es el serial del cilindro? Está grabado en el cilindro y escrito en el certificado.",
                "What is the cylinder's serial number? It is engraved on the cylinder and written in the certificate.",
                links=(Link("gncv_documentos_correccion", {"es": "Documentos", "en": "Documents"}),),
            ),
            serial(_NO_SERIAL),
            called=("serial", "cilindro", "cylinder"),
        ),
        Field(
            "workshop",
            {"es": "Taller", "en": "Workshop"},
            asking(
                "¿Qué taller o certificador hizo el registro?",
                "Which workshop or certifier recorded it?",
            ),
            short_text(_NO_WORKSHOP),
            style=Style.SHORT,
            called=("taller", "certificador", "workshop"),
        ),
        Field(
            "details",
            {"es": "Qué está mal", "en": "What is wrong"},
            asking(
                "Cuente qué está mal: cómo aparece hoy y cómo debe quedar.",
                "Tell what is wrong: how it appears today and how it should be.",
            ),
            description(_TOO_SHORT, _TOO_LONG),
            style=Style.FREE,
            called=("descripcion", "explicacion", "detalle", "detalles", "description", "details"),
        ),
        *requester_fields(),
    ),
)


class GncvCorrectionAction(DialogueAction):
    """Files the correction as a first-level case."""

    dialogue = CORRECTION

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """The acknowledgement."""
        lines = [
            ("Dato errado", _shown_wrong(answers["wrong"], "es")),
            ("Placa", answers["plate"]),
            ("Serial del cilindro", answers["serial"]),
            ("Taller o certificador", answers["workshop"]),
            ("Qué está mal", answers["details"]),
        ]
        return file_and_acknowledge(
            context,
            kind=CaseKind.FIRST_LEVEL,
            topic=TOPIC,
            description=described(answers, lines),
            requester=requester_in(answers),
        )
