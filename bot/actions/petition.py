"""A petition, complaint, claim, denunciation, suggestion or compliment dictated to the chat (CPACA arts. 13 to 16).

A data claim for the gas cylinder subsidy begins here too: citizens come to it by wanting to complain.
"""

from bot.actions.filing import described, file_and_acknowledge
from bot.actions.glp_claim_fields import TOPIC as GLP_TOPIC
from bot.actions.glp_claim_fields import claim_lines, glp_claim_fields
from bot.actions.requester_fields import requester_fields, requester_in
from bot.dialogues.consent import consent_field
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished
from bot.dialogues.fields import LEFT_OUT, Answers, Context, Field, Link, Option, Style, Texts, asking
from bot.dialogues.form_action import DialogueAction
from bot.dialogues.readers import description, one_of, short_text, shown_by
from desk.cases.kinds import CaseKind

_GLP = "glp"
_KINDS = (
    Option(
        CaseKind.PETITION,
        {"es": "Petición", "en": "Petition"},
        ("peticion", "peticiones", "derecho de peticion", "solicitud", "petition", "request"),
    ),
    Option(
        CaseKind.COMPLAINT,
        {"es": "Queja", "en": "Complaint"},
        ("queja", "quejas", "keja", "quejarme", "quejita", "complaint", "complain"),
    ),
    Option(
        CaseKind.CLAIM,
        {"es": "Reclamo", "en": "Claim"},
        ("reclamo", "reclamos", "reclamar", "reclamacion", "claim"),
    ),
    Option(
        CaseKind.DENUNCIATION,
        {"es": "Denuncia", "en": "Denunciation"},
        ("denuncia", "denuncio", "denunciar", "denunciation", "denounce", "report"),
    ),
    Option(CaseKind.SUGGESTION, {"es": "Sugerencia", "en": "Suggestion"}, ("sugerencia", "sugerir", "suggestion")),
    Option(
        CaseKind.COMPLIMENT, {"es": "Felicitación", "en": "Compliment"}, ("felicitacion", "felicitar", "compliment")
    ),
    Option(
        _GLP,
        {"es": "Subsidio de gas", "en": "Gas subsidy"},
        ("subsidio", "glp", "pipeta", "subsidy"),
    ),
)
_PETITION_KINDS = (
    Option(
        CaseKind.PETITION,
        {"es": "Que hagan o decidan algo", "en": "That something be done"},
        ("que hagan", "decidan", "general", "accion", "action"),
    ),
    Option(
        CaseKind.DOCUMENTS,
        {"es": "Documentos o información", "en": "Documents, information"},
        ("documentos", "documento", "informacion", "copias", "copia", "documents", "information", "copies"),
    ),
    Option(
        CaseKind.CONSULTATION,
        {"es": "Una consulta", "en": "An opinion"},
        ("consulta", "consultar", "concepto", "opinion", "consultation"),
    ),
)
_IDENTITY = (
    Option("named", {"es": "Con mi nombre", "en": "With my name"}, ("nombre", "mi nombre", "si", "name", "named")),
    Option("anonymous", {"es": "Anónima", "en": "Anonymous"}, ("anonima", "anonimo", "anonymous", "anonymously")),
)
_WHAT_TO_SAY = Link("pqrsd_contenido", {"es": "Qué debe llevar", "en": "What it must contain"})
_TYPES = Link("pqrsd_tipos", {"es": "Qué es cada una", "en": "What each one is"})
_TOO_SHORT: Texts = {
    "es": "Cuéntelo con unas palabras más, para que se entienda sin preguntarle.",
    "en": "Tell it in some more words, so that it is understood without asking you.",
}
_TOO_LONG: Texts = {
    "es": "Es muy largo: resúmalo en máximo {limit} caracteres.",
    "en": "That is too long: sum it up in {limit} characters at most.",
}

_NO_ATTACHMENTS: Texts = {
    "es": "Nombre los documentos en pocas palabras (máximo {limit} caracteres).",
    "en": "Name the documents in few words ({limit} characters at most).",
}


def _is_glp(answers: Answers) -> bool:
    return answers.get("kind") == _GLP


def _is_not_glp(answers: Answers) -> bool:
    return not _is_glp(answers)


def _is_petition(answers: Answers) -> bool:
    return answers.get("kind") == CaseKind.PETITION


def _has_reasons(answers: Answers) -> bool:
    return answers.get("kind") not in (_GLP, CaseKind.SUGGESTION, CaseKind.COMPLIMENT)


def _is_named(answers: Answers) -> bool:
    return _is_glp(answers) or answers.get("identity") == "named"


PETITION = Dialogue(
    form="petition_form",
    intent="presentar_queja",
    subject={"es": "su solicitud", "en": "your request"},
    opening={
        "es": "Puedo radicarla aquí: es gratis y no necesita abogado. Usted la dicta y al final revisa todo.",
        "en": "I can file it here: it is free and you need no lawyer. You dictate it and check everything at the end.",
    },
    called=("peticion", "solicitud", "queja", "reclamo", "denuncia", "petition", "complaint", "claim"),
    confirm={"es": "Sí, radicar", "en": "Yes, file it"},
    fields=(
        consent_field(
            {
                "es": "radicar su solicitud, responderle y mostrarle su estado",
                "en": "file your request, answer you and show you its state",
            }
        ),
        Field(
            "kind",
            {"es": "Clase", "en": "Kind"},
            asking("¿Qué quiere presentar?", "What do you want to file?", options=_KINDS, links=(_TYPES,)),
            one_of(*_KINDS),
            called=("clase", "tipo", "kind", "type"),
            from_opening=True,
            read_back=shown_by(_KINDS),
        ),
        Field(
            "petition_kind",
            {"es": "Qué pide", "en": "What you ask for"},
            asking(
                "¿Qué clase de petición es? La respuesta tarda máximo 15 días hábiles si pide que hagan o decidan "
                "algo, 10 si pide documentos o información y 30 si es una consulta.",
                "What kind of petition is it? The answer takes at most 15 business days if you ask for something to be "
                "done, 10 for documents or information and 30 for an opinion.",
                options=_PETITION_KINDS,
            ),
            one_of(*_PETITION_KINDS),
            called=("clase de peticion", "plazo"),
            applies=_is_petition,
            read_back=shown_by(_PETITION_KINDS),
        ),
        *glp_claim_fields(_is_glp),
        Field(
            "object",
            {"es": "Solicitud", "en": "Request"},
            asking(
                "¿Qué pide o qué quiere contarle al Ministerio? Escríbalo con sus palabras.",
                "What do you ask for, or want to tell the Ministry? Write it in your words.",
                links=(_WHAT_TO_SAY,),
            ),
            description(_TOO_SHORT, _TOO_LONG),
            style=Style.FREE,
            called=("solicitud", "objeto", "descripcion", "request", "description"),
            applies=_is_not_glp,
        ),
        Field(
            "reasons",
            {"es": "Hechos y razones", "en": "Facts and reasons"},
            asking(
                "¿Por qué? Cuente los hechos: qué pasó, cuándo, dónde y quiénes.",
                "Why? Tell the facts: what happened, when, where and who.",
            ),
            description(_TOO_SHORT, _TOO_LONG),
            style=Style.FREE,
            called=("razones", "hechos", "motivo", "motivos", "reasons", "facts"),
            applies=_has_reasons,
        ),
        Field(
            "attachments",
            {"es": "Documentos", "en": "Documents"},
            asking(
                "¿Tiene documentos que prueben lo que cuenta? Escriba aquí cuáles son y envíelos después a {correo} "
                "con el número de radicado.",
                "Do you have documents that prove it? Name them here and send them later to {correo}, quoting the "
                "filing number.",
            ),
            short_text(_NO_ATTACHMENTS),
            style=Style.SHORT,
            called=("documentos", "anexos", "pruebas", "attachments"),
            optional=True,
            applies=_has_reasons,
        ),
        Field(
            "identity",
            {"es": "Presentada", "en": "Presented"},
            asking(
                "¿La presenta con su nombre o anónima? Anónima también se recibe, pero no le llega respuesta a usted, "
                "y solo se puede investigar si trae pruebas, o hechos y personas que se puedan comprobar.",
                "Do you file it with your name or anonymously? An anonymous one is received too, but no answer is sent "
                "to you, and it sets something in motion only with proof, or facts and people that can be verified.",
                options=_IDENTITY,
                links=(Link("pqrsd_anonima", {"es": "Más sobre anónimas", "en": "About anonymous ones"}),),
            ),
            one_of(*_IDENTITY),
            called=("anonima", "anonimo", "anonymous"),
            applies=_is_not_glp,
            read_back=shown_by(_IDENTITY),
        ),
        *requester_fields(_is_named),
    ),
)


class PetitionAction(DialogueAction):
    """Files what was dictated; a claim for the subsidy as a first-level case."""

    dialogue = PETITION

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """The acknowledgement."""
        if _is_glp(answers):
            return file_and_acknowledge(
                context,
                kind=CaseKind.FIRST_LEVEL,
                topic=GLP_TOPIC,
                description=described(answers, claim_lines(answers)),
                requester=requester_in(answers, place_code=answers["municipality"]),
            )
        lines = [
            ("Solicitud", answers["object"]),
            ("Hechos y razones", answers.get("reasons", "")),
            ("Documentos que anuncia", answers.get("attachments", LEFT_OUT)),
        ]
        return file_and_acknowledge(
            context,
            kind=CaseKind(answers.get("petition_kind", answers["kind"])),
            topic="",
            description=described(answers, lines),
            requester=requester_in(answers),
        )
