"""What a data claim for the gas cylinder subsidy needs to be looked into: who sold, where, when, what the app said."""

from collections.abc import Callable
from datetime import date

from bot.dialogues.fields import Answer, Answers, Field, Option, Style, Texts, asking
from bot.dialogues.readers import description, municipality, municipality_name, one_of, past_date, short_text, shown_by
from bot.dialogues.spoken import spoken_day
from consultame.settings import Language

TOPIC = "Subsidio GLP: reclamo de datos"
_STRATA = (
    *(
        Option(str(number), {"es": f"Estrato {number}", "en": f"Stratum {number}"}, (str(number), *words))
        for number, words in enumerate((("uno", "one"), ("dos", "two"), ("tres", "three"), ("cuatro", "four")), start=1)
    ),
    Option("5 o 6", {"es": "Estrato 5 o 6", "en": "Stratum 5 or 6"}, ("5", "6", "cinco", "seis", "five", "six")),
    Option("unknown", {"es": "No sé", "en": "I do not know"}, ("no se", "no lo se", "no tengo", "ninguno", "rural")),
)
_NO_MUNICIPALITY: Texts = {
    "es": "No reconocí un municipio. Escriba su nombre y el departamento, por ejemplo «Mocoa, Putumayo».",
    "en": "I recognised no municipality. Write its name and the department, for example “Mocoa, Putumayo”.",
}
_SEVERAL: Texts = {
    "es": "Hay más de uno: {places}. Escriba el municipio con su departamento.",
    "en": "There is more than one: {places}. Write the municipality with its department.",
}
_NO_DISTRIBUTOR: Texts = {
    "es": "Escriba el nombre del distribuidor en pocas palabras (máximo {limit} caracteres).",
    "en": "Write the distributor's name in few words ({limit} characters at most).",
}
_NO_DATE: Texts = {
    "es": "No reconocí una fecha. Escríbala como 25/11/2026 o «25 de noviembre».",
    "en": "I recognised no date. Write it like 25/11/2026 or “25 November”.",
}
_FUTURE: Texts = {
    "es": "Esa fecha todavía no llega. ¿Qué día quiso comprar el cilindro?",
    "en": "That day is still to come. On which day did you want to buy the cylinder?",
}
_TOO_SHORT: Texts = {
    "es": "Cuente qué le dijo la aplicación o el distribuidor, con sus palabras.",
    "en": "Tell what the app or the distributor said, in your words.",
}
_TOO_LONG: Texts = {
    "es": "Es muy largo: resúmalo en máximo {limit} caracteres.",
    "en": "That is too long: sum it up in {limit} characters at most.",
}


_shown_stratum = shown_by(_STRATA)


def _shown_day(value: Answer, language: Language) -> str:
    return spoken_day(date.fromisoformat(value), language)


def _shown_place(value: Answer, language: Language) -> str:
    return municipality_name(value)


def glp_claim_fields(applies: Callable[[Answers], bool]) -> tuple[Field, ...]:
    """The fields, asked of those to whom they apply."""
    return (
        Field(
            "municipality",
            {"es": "Municipio", "en": "Municipality"},
            asking("¿En qué municipio vive? Escríbalo con el departamento.", "In which municipality do you live?"),
            municipality(_NO_MUNICIPALITY, _SEVERAL),
            called=("municipio", "municipality", "pueblo", "ciudad"),
            applies=applies,
            read_back=_shown_place,
        ),
        Field(
            "stratum",
            {"es": "Estrato", "en": "Stratum"},
            asking("¿Cuál es su estrato?", "What is your stratum (estrato)?", options=_STRATA),
            one_of(*_STRATA),
            called=("estrato", "stratum"),
            applies=applies,
            read_back=_shown_stratum,
        ),
        Field(
            "distributor",
            {"es": "Distribuidor", "en": "Distributor"},
            asking("¿Qué distribuidor le vendió o iba a venderle el gas?", "Which distributor sold you the gas?"),
            short_text(_NO_DISTRIBUTOR),
            style=Style.SHORT,
            called=("distribuidor", "distribuidora", "empresa", "distributor"),
            applies=applies,
        ),
        Field(
            "day",
            {"es": "Fecha", "en": "Date"},
            asking("¿Qué día quiso comprar el cilindro?", "On which day did you want to buy the cylinder?"),
            past_date(_NO_DATE, _FUTURE),
            called=("fecha", "dia", "date", "day"),
            applies=applies,
            read_back=_shown_day,
        ),
        Field(
            "app_said",
            {"es": "Qué dijo la aplicación", "en": "What the app said"},
            asking(
                "¿Qué le dijo la aplicación? Por ejemplo: que no aparece, o que el subsidio ya fue usado.",
                "What did the app say? For example: that you are not listed, or that the subsidy was already used.",
            ),
            description(_TOO_SHORT, _TOO_LONG),
            style=Style.FREE,
            called=("aplicacion", "app", "mensaje"),
            applies=applies,
        ),
    )


def claim_lines(answers: Answers) -> list[tuple[str, str]]:
    """What the staff reads of the claim."""
    return [
        ("Municipio", municipality_name(answers["municipality"])),
        ("Estrato", _shown_stratum(answers["stratum"], "es")),
        ("Distribuidor", answers["distributor"]),
        ("Fecha", _shown_day(answers["day"], "es")),
        ("Qué dijo la aplicación", answers["app_said"]),
    ]
