"""The language of a message, or none when one message is not enough to tell."""

import re
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.components.spanish_text import written_out
from consultame.settings import Language

MessageLanguage = Literal["es", "en", "other"]

# Besides the two that are answered: neighbours, and what visitors to Colombia and migrants write most.
_OTHERS = ("pt", "fr", "it", "de", "nl", "zh", "ja", "ko", "ru", "ar", "ht")
_SURE = 0.95
# Misspelt Spanish looks like Portuguese or Italian: saying «I do not speak that» to it would be worse than answering.
_SURE_OF_ANOTHER = 0.999
_SURE_WITHOUT_ACCENTS = 0.9
_FEWEST_WORDS = 3
_FEWEST_WORDS_OF_ANOTHER = 4
_FEWEST_FOREIGN_LETTERS = 4

# The accents of Spanish. They alone make French or Italian of a short message: «cancéleme», «compré», «inglés».
_WITHOUT_ACCENTS = str.maketrans("áéíóúü", "aeiouu")
_WORD = re.compile(r"[^\W\d_]+")
_GO_ON = (
    r"(?:h[aá]bl(?:e|a|eme|ame|ar|arme)|resp[oó]nd(?:a|e|ame|eme|er|erme)|cont[eé]st(?:e|a|eme|ame|ar|arme)"
    r"|c[aá]mbi(?:e|a|ar)(?:se)?|p[aá]s(?:e|a|ar)(?:se)?|s[ií]g(?:a|ue|amos))"
)
_AROUND_SUCH_A_REQUEST = frozenset(
    """
    hello hi sorry can could would you we i me us please answer reply respond write talk speak chat continue want prefer
    like to do not don t yes now hola buenas perdon perdón disculpe me nos se puede podría podria pueden podemos por
    favor porfa quiero quisiera prefiero que ahora mejor ya chat conversación conversacion si sí y la lo el a hablar
    usted escribir responder seguir
    """.split()
)
_ENGLISH_COURTESY = re.compile(
    r"(?:\b(?:hello|hi|hey|there|good (?:morning|afternoon|evening|day|night)|thank you|thanks|a lot|so much|very much"
    r"|please|help|ok|bye|goodbye|how are you)\b\W*){2,}",
    re.IGNORECASE,
)
_ASKS_FOR_ENGLISH = re.compile(
    r"\b(?:in english|english,? please|(?:do|can) you speak english|speak(?:ing)? english|switch to english"
    rf"|(?:en|a) ingl[eé]s,? por favor|{_GO_ON} (?:en|a|al) ingl[eé]s)\b"
    r"|^\W*english\W*$",
    re.IGNORECASE,
)
_ASKS_FOR_SPANISH = re.compile(
    r"\b(?:in spanish,? please|switch to spanish|spanish,? please"
    r"|(?:en|a) (?:espa[nñ]ol|castellano),? por favor"
    rf"|{_GO_ON} (?:en|a|al) (?:espa[nñ]ol|castellano))\b"
    r"|^\W*(?:espa[nñ]ol|spanish)\W*$",
    re.IGNORECASE,
)


class _SparseIdentifier(LanguageIdentifier):
    """Multiplies the few features that a message has; the library multiplies all 7,480 for each."""

    def nb_classprobs(self, fv: NDArray[np.uint16]) -> NDArray[np.float64]:
        """The same log-probabilities as the library's."""
        occurring = np.flatnonzero(fv)
        return np.asarray(fv[occurring] @ self.nb_ptc[occurring] + self.nb_pc)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = _SparseIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["es", "en", *_OTHERS])
    return identifier


def asked_language(text: str) -> Language | None:
    """The language that the message asks to go on in, if it does."""
    if _ASKS_FOR_ENGLISH.search(text):
        return "en"
    return "es" if _ASKS_FOR_SPANISH.search(text) else None


def message_language(text: str) -> MessageLanguage | None:
    """`es`, `en`, `other`, or None: too short, mixed, or not clear. None leaves a conversation in its language."""
    if asked := asked_language(text):
        return asked
    if _ENGLISH_COURTESY.fullmatch(text.strip()):
        return "en"
    words = _WORD.findall(text)
    letters = "".join(words)
    if len(letters) >= _FEWEST_FOREIGN_LETTERS and sum(letter > "\u024f" for letter in letters) > len(letters) / 2:
        return "other"
    if len(words) < _FEWEST_WORDS:
        return None
    plain = " ".join(_WORD.findall(written_out(text))).lower()
    ranking = _identifier().rank(plain)
    first, probability = ranking[0]
    if first in _OTHERS and probability >= _SURE_OF_ANOTHER and len(words) >= _FEWEST_WORDS_OF_ANOTHER:
        unaccented = plain.translate(_WITHOUT_ACCENTS)
        if unaccented == plain:
            return "other"
        ranking = _identifier().rank(unaccented)
        if ranking[0][0] in _OTHERS and ranking[0][1] >= _SURE_WITHOUT_ACCENTS:
            return "other"
    answered = {language: share for language, share in ranking if language in ("es", "en")}
    likelier: Language = "es" if answered["es"] >= answered["en"] else "en"
    return likelier if answered[likelier] > 0 and answered[likelier] >= _SURE * sum(answered.values()) else None


def asks_only_for_a_language(text: str) -> bool:
    """Whether the message asks to go on in a language and for nothing else."""
    for pattern in (_ASKS_FOR_ENGLISH, _ASKS_FOR_SPANISH):
        rest, count = pattern.subn(" ", text)
        if count:
            return {word.lower() for word in _WORD.findall(rest)} <= _AROUND_SUCH_A_REQUEST
    return False
