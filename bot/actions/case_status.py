"""The state of a case in the chat: its number, something only its owner has, and what may be told."""

import re

from bot.actions.case_status_texts import LOCKED, NOT_FOUND, UNAVAILABLE, status_text
from bot.actions.second_factor import factor_in, ownership_factor
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished, Message
from bot.dialogues.fields import (
    Accepted,
    Answers,
    Context,
    Field,
    Help,
    Link,
    Question,
    Reading,
    Refused,
    Said,
    Texts,
    filled,
)
from bot.dialogues.form_action import DialogueAction
from bot.dialogues.readers import refused
from consultame.database import write_session
from desk.cases.status import Locked, Unavailable, case_status
from desk.cases.status import Refused as NotTheirs
from desk.foreign_numbers import foreign_number_in
from desk.radicado import radicados_in

_WHICH_NUMBER: Texts = {
    "es": "¿Cuál es el número de radicado? Tiene la forma 1-2026-012345.",
    "en": "What is the filing number (radicado)? It looks like 1-2026-012345.",
}
_NO_NUMBER: Texts = {
    "es": "No encontré un número de radicado en lo que escribió. Son once cifras, como 1-2026-012345.",
    "en": "I found no filing number in what you wrote. It has eleven figures, like 1-2026-012345.",
}
_FOREIGN: Texts = {
    "es": (
        "El número {number} no tiene la forma de los radicados de este Ministerio: parece de {issuer}. Pregunte por él "
        "en la entidad que se lo dio. Aquí puedo consultar los que son como 1-2026-012345."
    ),
    "en": (
        "The number {number} does not have the form of this Ministry's filing numbers: it seems to be of {issuer}. Ask "
        "the body that gave it to you. Here I can look up those like 1-2026-012345."
    ),
}
_ANOTHER_BODY: Texts = {"es": "otra entidad", "en": "another body"}
_PROVE: Texts = {
    "es": (
        "Leí el radicado {number}. Para mostrarle su estado necesito comprobar que el caso es suyo. Escriba el código "
        "de verificación que recibió al radicar (como CDFG-2345).\n\n"
        "Si no lo tiene, escriba los últimos cuatro números de su documento, la primera letra de su correo y lo que "
        "va después de la arroba, por ejemplo: 4821 m gmail.com"
    ),
    "en": (
        "I read the filing number {number}. To show you its state I need to check that the case is yours. Write the "
        "verification code that you got when you filed it (like CDFG-2345).\n\n"
        "If you do not have it, write the last four digits of your ID document, the first letter of your e-mail "
        "address and what comes after the @, for example: 4821 m gmail.com"
    ),
}
_NO_PROOF: Texts = {
    "es": (
        "Eso no es un código completo ni los tres datos. El código tiene ocho letras y números, como CDFG-2345; los "
        "tres datos se escriben así: 4821 m gmail.com"
    ),
    "en": (
        "That is neither a whole code nor the three data. The code has eight letters and figures, like CDFG-2345; the "
        "three data are written like this: 4821 m gmail.com"
    ),
}
_WITHOUT_CODE: Texts = {
    "es": (
        "Sin el código puede probar que el caso es suyo con los tres datos. Si tampoco los tiene, o el caso fue "
        "anónimo, llame gratis al {linea_gratuita} o escriba a {correo}."
    ),
    "en": (
        "Without the code you can prove that the case is yours with the three data. If you do not have them either, or "
        "the case was anonymous, call {linea_gratuita}, free of charge, or write to {correo}."
    ),
}
_WHERE_CODE: Texts = {
    "es": "El código de verificación está en el mensaje con el que le dieron el radicado.",
    "en": "The verification code is in the message in which you got the filing number.",
}
_WHERE = re.compile(r"\b(?:donde|en que parte|como lo (?:encuentro|consigo|busco)|where|how do i find)\b")
_LOST = re.compile(
    r"\b(?:perdi|se me perdio|no (?:lo|la|los) (?:tengo|encuentro|se|recuerdo)|no tengo|no recuerdo|no me acuerdo"
    r"|olvide|nunca me (?:lo )?dieron|no me (?:lo )?dieron|lost|i (?:do not|don t) (?:have|know|remember)|forgot)\b"
)
_NUMBER_LINKS = (
    Link("radicado_donde_esta", {"es": "Dónde está el número", "en": "Where the number is"}),
    Link("radicado_perdido", {"es": "Perdí el número", "en": "I lost the number"}),
)


def _ask_number(answers: Answers, context: Context) -> Question:
    return Question(filled(_WHICH_NUMBER, context.language), links=_NUMBER_LINKS)


def _read_number(said: Said, answers: Answers, context: Context) -> Reading:
    found = radicados_in(said.text)
    if found:
        return Accepted(str(found[0]))
    if foreign := foreign_number_in(said.text):
        issuer = foreign.issuer or _ANOTHER_BODY[context.language]
        text = filled(_FOREIGN, context.language, number=foreign.written, issuer=issuer)
        return Refused(text, about_a_value=True)
    return refused(_NO_NUMBER, context)


def _ask_proof(answers: Answers, context: Context) -> Question:
    return Question(filled(_PROVE, context.language, number=answers["radicado"]))


def _read_proof(said: Said, answers: Answers, context: Context) -> Reading:
    factor = factor_in(said.text)
    return Accepted(factor) if factor else refused(_NO_PROOF, context)


STATUS = Dialogue(
    form="radicado_form",
    intent="consultar_radicado",
    subject={"es": "la consulta del radicado", "en": "the look-up of the filing number"},
    opening={
        "es": "Con gusto. Lo que escriba lo uso solo para mostrarle el estado de su caso.",
        "en": "With pleasure. I use what you write only to show you the state of your case.",
    },
    called=("consulta", "radicado", "estado"),
    reads_back=False,
    fields=(
        Field(
            "radicado",
            {"es": "Radicado", "en": "Filing number"},
            _ask_number,
            _read_number,
            called=("radicado", "numero", "number", "filing number"),
            from_opening=True,
            help=(Help(_WHERE, "radicado_donde_esta"), Help(_LOST, "radicado_perdido")),
        ),
        Field(
            "proof",
            {"es": "Código", "en": "Code"},
            _ask_proof,
            _read_proof,
            from_opening=True,
            called=("codigo", "documento", "correo", "code", "document", "email"),
            help=(Help(_WHERE, text=_WHERE_CODE), Help(_LOST, text=_WITHOUT_CODE)),
        ),
    ),
)


class CaseStatusAction(DialogueAction):
    """Tells the state of a case to whoever proves that it is theirs."""

    dialogue = STATUS

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """The state; the same words for a number that does not exist and for a wrong code."""
        radicado = radicados_in(answers["radicado"])[0]
        with write_session() as session:
            found = case_status(
                session,
                radicado=radicado,
                factor=ownership_factor(answers["proof"]),
                sender=context.conversation_id,
                now=context.moment,
            )
        if isinstance(found, Locked):
            return Finished((Message(filled(LOCKED, context.language)),))
        if isinstance(found, Unavailable):
            return Finished((Message(filled(UNAVAILABLE, context.language)),))
        if isinstance(found, NotTheirs):
            reason = filled(NOT_FOUND, context.language, number=str(radicado))
            return AskAgain("proof", reason, repeats_question=False)
        return Finished((status_text(found, context),))
