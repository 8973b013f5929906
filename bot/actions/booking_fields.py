"""What is asked for an appointment besides day and hour: subject, description, name, address, telephone, statistics."""

import re

from bot.dialogues.fields import Accepted, Answers, Context, Field, Link, Option, Reading, Said, Style, Texts, asking
from bot.dialogues.readers import description, email, one_of, option_named_in, person_name, refused, shown_by
from bot.dialogues.wording import CHOOSE_ONE
from bot.dialogues.words import plain
from desk.appointments.citizen import normal_phone
from desk.appointments.models import LONGEST_DESCRIPTION, AgeGroup, Gender, Segment
from desk.appointments.wording import AGE_GROUPS, GENDERS, SEGMENTS
from desk.identifiers import IdentifierKind

_SEGMENT_WORDS: dict[Segment, tuple[str, ...]] = {
    Segment.HYDROCARBONS: (
        "hidrocarburos", "hidrocarburo", "gas", "glp", "gasolina", "combustible", "combustibles", "petroleo", "acpm",
        "diesel", "gnv", "gncv", "hydrocarbons", "fuel", "oil", "gasoline",
    ),
    Segment.ELECTRICITY: (
        "energia electrica", "energia", "luz", "electricidad", "electrica", "electrico", "retie", "paneles solares",
        "electricity", "electric", "power", "solar",
    ),
    Segment.MINING: ("mineria", "minas", "minero", "minera", "mineros", "mina", "mining", "mine", "mines", "miner"),
    Segment.DATA_UPDATE: (
        "actualizacion de informacion", "actualizacion", "actualizar", "actualizar datos", "actualizar informacion",
        "updating information", "update", "data update",
    ),
}  # fmt: skip
# Words of the ministry's own name are not the subject of an appointment.
_MINISTRY = re.compile(
    r"\b(?:ministerio|ministry)(?: (?:de|of))? (?:minas|mines)(?: (?:y|and))?(?: (?:energia|energy))?\b"
)
_SEGMENTS = tuple(
    Option(segment, {"es": SEGMENTS["es"][segment], "en": SEGMENTS["en"][segment]}, _SEGMENT_WORDS.get(segment, ()))
    for segment in Segment
)
_OTHER_WORDS = frozenset(
    ("otro", "otra", "otro tema", "otra cosa", "ninguno", "ninguno de esos", "other", "none", "something else")
)
_GENDER_WORDS: dict[Gender, tuple[str, ...]] = {
    Gender.WOMAN: ("mujer", "femenino", "femenina", "woman", "female"),
    Gender.MAN: ("hombre", "masculino", "varon", "man", "male"),
    Gender.OTHER: ("otro", "otra", "no binario", "no binaria", "other", "non binary"),
}
_GENDERS = tuple(
    Option(each, {"es": GENDERS["es"][each], "en": GENDERS["en"][each]}, _GENDER_WORDS[each]) for each in Gender
)
_AGE_GROUPS = tuple(Option(each, {"es": AGE_GROUPS["es"][each], "en": AGE_GROUPS["en"][each]}) for each in AgeGroup)
_YOUNGEST = ((61, AgeGroup.OVER_60), (41, AgeGroup.UP_TO_60), (29, AgeGroup.UP_TO_40), (18, AgeGroup.UP_TO_28))
_AGE = re.compile(r"\b(\d{2,3})\b")
_LANGUAGES = (
    Option("es", {"es": "Español", "en": "Español"}, ("espanol", "castellano", "spanish")),
    Option("en", {"es": "English", "en": "English"}, ("ingles", "english")),
)
_PHONE_LIKE = re.compile(r"\+?\d[\d\s().–-]{5,}\d")
_TOO_SHORT: Texts = {
    "es": "Cuéntelo con unas palabras más, para que quien lo atienda se prepare.",
    "en": "Tell it in some more words, so that whoever attends you can prepare.",
}
_TOO_LONG: Texts = {
    "es": "Es muy largo: resúmalo en máximo {limit} caracteres.",
    "en": "That is too long: sum it up in {limit} characters at most.",
}
_NO_NAME: Texts = {
    "es": "Escriba su nombre y sus apellidos, sin números.",
    "en": "Write your name and surname, without figures.",
}
_NO_EMAIL: Texts = {
    "es": "No reconocí un correo. Escríbalo completo, como nombre@ejemplo.com: allí le llega la confirmación.",
    "en": "I recognised no e-mail address. Write it whole, like name@example.com: the confirmation is sent there.",
}
_NO_PHONE: Texts = {
    "es": (
        "No reconocí un teléfono. Son diez cifras: un celular empieza por 3 y un fijo por 60; uno de otro país se "
        "escribe con + y el código del país."
    ),
    "en": (
        "I recognised no telephone number. It has ten figures: a mobile begins with 3, a landline with 60; one of "
        "another country is written with + and the country's code."
    ),
}
_MINOR: Texts = {
    "es": "Elija un grupo de edad o toque «Omitir». Aquí no se reciben datos de menores de edad.",
    "en": "Choose an age group or press “Skip”. No data of minors are taken here.",
}


def _read_segment(said: Said, answers: Answers, context: Context) -> Reading:
    """By button or words; «otro» only by itself, for «el otro martes» names none."""
    text = _MINISTRY.sub(" ", plain(said.text))
    if said.chosen is None and text in _OTHER_WORDS:
        return Accepted(Segment.OTHER)
    if said.chosen is not None:
        return one_of(*_SEGMENTS)(said, answers, context)
    if named := option_named_in(text, _SEGMENTS):
        return Accepted(named.value)
    padded = f" {text} "
    named_anywhere = [option for option in _SEGMENTS if any(f" {word} " in padded for word in option.words)]
    return Accepted(named_anywhere[0].value) if len(named_anywhere) == 1 else refused(CHOOSE_ONE, context)


def _read_phone(said: Said, answers: Answers, context: Context) -> Reading:
    candidates = [*said.values_of(IdentifierKind.TELEPHONE), *_PHONE_LIKE.findall(said.text), said.text]
    numbers = [number for each in candidates if (number := normal_phone(each))]
    return Accepted(numbers[0]) if numbers else refused(_NO_PHONE, context)


def _read_age_group(said: Said, answers: Answers, context: Context) -> Reading:
    if said.chosen is None and (found := _AGE.fullmatch(re.sub(r"\D*(\d+)\D*", r"\1", said.text))):
        years = int(found[1])
        group = next((group for youngest, group in _YOUNGEST if youngest <= years <= 120), None)
        return Accepted(group) if group else refused(_MINOR, context)
    reading = one_of(*_AGE_GROUPS)(said, answers, context)
    return reading if isinstance(reading, Accepted) else refused(_MINOR, context)


SEGMENT = Field(
    "segment",
    {"es": "Tema", "en": "Subject"},
    asking("¿Sobre qué tema es la cita?", "What is the appointment about?", options=_SEGMENTS),
    _read_segment,
    called=("tema", "segmento", "area", "subject", "segment", "topic"),
    from_opening=True,
    read_back=shown_by(_SEGMENTS),
)
DESCRIPTION = Field(
    "description",
    {"es": "Descripción", "en": "Description"},
    asking(
        "Describa en pocas palabras qué necesita consultar.",
        "Describe in few words what you need to ask.",
        links=(Link("cita_que_necesito", {"es": "Qué necesito", "en": "What I need"}),),
    ),
    description(_TOO_SHORT, _TOO_LONG, longest=LONGEST_DESCRIPTION),
    style=Style.FREE,
    called=("descripcion", "consulta", "description", "motivo", "asunto"),
)
NAME = Field(
    "name",
    {"es": "Nombre", "en": "Name"},
    asking("¿Cuál es su nombre completo?", "What is your full name?"),
    person_name(_NO_NAME),
    style=Style.SHORT,
    called=("nombre", "apellido", "apellidos", "name", "surname"),
)
EMAIL = Field(
    "email",
    {"es": "Correo", "en": "E-mail"},
    asking(
        "¿A qué correo electrónico le enviamos la confirmación?",
        "To which e-mail address do we send the confirmation?",
    ),
    email(_NO_EMAIL),
    called=("correo", "email", "e mail", "mail", "correo electronico"),
)
PHONE = Field(
    "phone",
    {"es": "Teléfono", "en": "Telephone"},
    asking("¿A qué teléfono lo podemos llamar?", "At which telephone number can we call you?"),
    _read_phone,
    called=("telefono", "celular", "numero", "phone", "telephone", "mobile", "cell"),
)
GENDER = Field(
    "gender",
    {"es": "Género", "en": "Gender"},
    asking(
        "Para las estadísticas, si quiere decirlo: ¿cuál es su género?",
        "For statistics, if you want to say it: what is your gender?",
        options=_GENDERS,
    ),
    one_of(*_GENDERS),
    called=("genero", "sexo", "gender", "sex"),
    optional=True,
    read_back=shown_by(_GENDERS),
)
AGE_GROUP = Field(
    "age_group",
    {"es": "Edad", "en": "Age"},
    asking("¿Y su grupo de edad?", "And your age group?", options=_AGE_GROUPS),
    _read_age_group,
    called=("edad", "grupo de edad", "age", "age group", "anos"),
    optional=True,
    read_back=shown_by(_AGE_GROUPS),
)
LANGUAGE = Field(
    "language",
    {"es": "Idioma", "en": "Language"},
    asking(
        "¿En qué idioma quiere que lo atiendan?",
        "In which language do you want to be attended?",
        options=_LANGUAGES,
    ),
    one_of(*_LANGUAGES),
    called=("idioma", "lengua", "language"),
    read_back=shown_by(_LANGUAGES),
)
