"""What citizens write to steer a dialogue rather than to answer it: leave, correct, leave out, yes and no."""

import re
from difflib import get_close_matches

from desk.identifiers import plain_text

_WORD = re.compile(r"[a-z0-9]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")

_COURTESY = frozenset(
    """
    por favor porfa porfavor porfis gracias mejor ya bueno no si ok ahora quiero quisiera deseo prefiero necesito me
    voy a ay uy perdon disculpe hola mire pues entonces please thanks thank you want to would like i d ll let s just
    now it eso esto todo lo la el le de del mi este esta esa ese the my this that all out aqui here of
    """.split()
)
_LEAVE = frozenset(
    """
    cancelar cancela cancele cancelo cancelalo cancelelo cancelarlo cancelarla cancelado cancelemos cancel cancelled
    salir salgo salirme salgamos salga exit quit leave abandonar abandono terminar termine termina parar pare stop
    detener detengase olvidelo olvidalo olvidemoslo desistir desisto anular anulelo anule
    salgase salte
    """.split()
)
# Close to nothing else that is said in one word; the spelling of the others is taken strictly.
_LEAVE_IN_ANY_SPELLING = ("canselar", "abandonar")
_NOT_LEAVING = re.compile(
    r"\b(?:no|not|don't|dont)\s+(?:(?:quiero|deseo|voy|a|me|lo|la|want|to)\s+)*(?:cancel|sal|termin|anul|abandon|exit|quit)"
)
_WHAT_IS_LEFT = frozenset(
    """
    tramite proceso consulta solicitud registro formulario dialogo chat procedure process request form conversation
    """.split()
)
_LEAVE_PHRASES = re.compile(
    r"(?:(?:bueno|no|mejor|ay) )*(?:ya no(?: (?:quiero|deseo|gracias|mas|seguir|voy a seguir|lo quiero|me interesa))*"
    r"|no (?:quiero|deseo|voy a|me interesa)(?: (?:seguir|continuar|hacerlo|mas|nada|ya|esto|con esto))+"
    r"|(?:(?:quiero|prefiero|voy a) )?(?:dejar|deje|dejemos|dejelo|dejalo|deja)(?:lo)?"
    r"(?: (?:asi|esto|eso|quieto|para despues))+"
    r"|me arrepenti"
    r"|never ?mind|forget (?:it|about it|this)"
    r"|i (?:do not|don t|dont) want (?:to (?:continue|go on|do this|proceed)|this|it)(?: anymore| any more)?"
    r"|no (?:more|longer)|not anymore)(?: (?:por favor|gracias|please|thanks|ya))*"
)
_LONGEST_COMMAND = 8
_CLOSE_ENOUGH = 0.87

_CORRECT = re.compile(
    r"\b(?:corregir|corrija|corrige|corrijame|corrijo|correccion|cambiar|cambie|cambia|cambio|cambiarle|cambiemos"
    r"|modificar|modifique|modifico|editar|edite|arreglar|arregle|rectificar|me equivoque|equivoque|equivocado"
    r"|equivocada|quedo mal|esta mal|puse mal|escribi mal|volver a|change|correct|edit|fix|modify|mistake|wrong"
    r"|mistyped)\b"
)
_BACK = re.compile(
    r"(?:(?:volver|vuelva|vuelve|ir|devolverme|devolver|devuelvase|regresar|go) )?"
    r"(?:atras|a la anterior|la anterior|anterior|back|previous)(?: por favor| please)?|devolver|regresar|volver"
)
_SKIP = re.compile(
    r"(?:(?:lo |la )?omit(?:ir|o|a|e|irlo|irla)|salt(?:ar|o|e|arlo)|sigamos|siga|continuar|siguiente|ningun[oa]?|nada"
    r"|no(?: (?:tengo|aplica|hay|anexo|deseo|quiero|lo tengo|tengo ningun[oa]|quiero decir(?:lo)?|aplican))?"
    r"|prefiero no(?: decir(?:lo)?| responder| contestar)?|en blanco"
    r"|skip(?: it| this)?|none|nothing|not applicable|n a|i (?:do not|don t|dont) have(?: any| one)?"
    r"|(?:i )?(?:would|d)? ?(?:rather|prefer) not(?: to)?(?: say| answer)?|no (?:thanks|gracias))"
    r"(?: (?:por favor|gracias|please|thanks))?"
)
_YES = frozenset(
    """
    si sii sip claro correcto correcta exacto exactamente confirmo confirmado confirmar confirme acepto aceptar autorizo
    autorizar acuerdo vale ok okay okey dale listo listos bien perfecto adelante radicar radiquelo radiquela radique
    enviar envielo enviela envie hagale proceda seguro afirmativo yes yep yeah sure right correct agree accept confirm
    authorise authorize fine
    """.split()
)
_NO = frozenset(
    "no nop nope incorrecto incorrecta negativo mal rechazo niego tampoco nunca jamas disagree decline wrong".split()
)
_ASKS = re.compile(
    r"[¿?]|^\W*(?:que|cual|cuales|como|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|quienes|por que|para que"
    r"|en que|a que|de que|puedo|pueden|puede|hay|es verdad|tengo que|debo|quiero saber|quisiera saber|necesito saber"
    r"|me (?:puede|podria) (?:decir|explicar|ayudar)|digame|expliqueme"
    r"|what|which|how|when|where|who|why|can i|can you|could you|do i|does|is it|is there|are there|should i)\b"
)


def plain(text: str) -> str:
    """The words of a text without accents, capitals, signs and stretched letters, one space between them."""
    return " ".join(_WORD.findall(_STRETCHED.sub(r"\1", plain_text(text).plain)))


def wants_to_leave(text: str, called: tuple[str, ...] = ()) -> bool:
    """Whether the message says to stop the dialogue and nothing else. `called` are words for what is being done."""
    said = plain(text)
    words = said.split()
    if not words or len(words) > _LONGEST_COMMAND or _NOT_LEAVING.search(plain_text(text).plain):
        return False
    if _LEAVE_PHRASES.fullmatch(said):
        return True
    rest = [word for word in words if word not in _COURTESY and word not in _WHAT_IS_LEFT and word not in called]
    return len(rest) == 1 and (rest[0] in _LEAVE or _sounds_like_leaving(rest[0]))


def _sounds_like_leaving(word: str) -> bool:
    as_heard = word.replace("k", "c").replace("z", "s").replace("ce", "se")
    return bool(get_close_matches(as_heard, _LEAVE_IN_ANY_SPELLING, n=1, cutoff=_CLOSE_ENOUGH))


def wants_to_correct(text: str) -> bool:
    """Whether the message says that something given before is wrong."""
    said = plain(text)
    return len(said.split()) <= 2 * _LONGEST_COMMAND and bool(_CORRECT.search(said))


def names(text: str, called: tuple[str, ...]) -> bool:
    """Whether the message holds one of these words."""
    said = f" {plain(text)} "
    return any(f" {word} " in said for word in called)


def wants_to_go_back(text: str) -> bool:
    """Whether the message asks for the question before and for nothing else."""
    return bool(_BACK.fullmatch(plain(text)))


def leaves_out(text: str) -> bool:
    """Whether the message declines to give what is optional."""
    return bool(_SKIP.fullmatch(plain(text)))


def yes_or_no(text: str) -> bool | None:
    """What a short answer says; None when it says neither, or both."""
    words = plain(text).split()
    if not words or len(words) > _LONGEST_COMMAND or looks_like_a_question(text):
        return None
    says_no = any(word in _NO for word in words)
    says_yes = any(word in _YES for word in words)
    if says_no:
        return None if says_yes and words[0] not in _NO else False
    return True if says_yes else None


def looks_like_a_question(text: str) -> bool:
    """Whether the message is put as a question."""
    return bool(_ASKS.search(text if "?" in text or "¿" in text else plain_text(text).plain))
