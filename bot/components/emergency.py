"""Words that mean danger now.

They win over whatever the model thinks: a missed emergency costs more than a false one.
"""

import re

from bot.components.spanish_text import normalised

_GAS = r"(?:gas|cilindro|glp|propano)"
_LEAK = (
    r"(?:fugando|escapa|escapando|bota|botando|chorrea|chorreando|sale|salio|saliendo|filtra|filtrando|perdiendo"
    r"|riega|regando|leaking|escaping)"
)
_SMELL = r"(?:huele|huela|oliendo|olor|olores|apesta|hiede)"
_BLAST = (
    r"(?:exploto|explotando|hubo una explosion|hay una explosion|estallo|estallido|revento|incendio|incendia"
    r"|incendiando|llamas|candela|quemando|prendio fuego|on fire|exploded)"
)
_CURRENT = r"(?:electrocut\w*|(?:lo|la|los|las|le|les|me|nos) (?:cogio|agarro|paso) (?:la )?corriente|electric shock)"
_LINE = r"(?:cables?|cuerdas?|postes?|transformador|lineas? (?:electricas?|de energia|de luz)|power line)"
_FALLEN = r"(?:suelo|piso|caid[oa]s?|cayo|cayeron|chispas?|chispeando|fallen|down)"
_METER = r"(?:contador|medidor|tacos|breakers?|tomacorriente|enchufe|caja de (?:la )?(?:luz|energia))"
_BURNS = r"(?:chispas?|chispeando|chisporrotea\w*|candela|llamas|humo|quemando|incendi\w+|prendio fuego)"
_HISS = r"(?:silb\w+|chifl\w+|pitando)"
_POISONED = r"(?:intoxicad\w*|asfixi\w*|inconsciente|desmay\w*).{0,40}\b(?:gas|humo|monoxido)"

_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"\b{_SMELL}\b.{{0,25}}\b{_GAS}\b",
        rf"\b{_GAS}\b.{{0,25}}\b{_SMELL}\b",
        rf"\b(?:fuga|escape)s?\b.{{0,15}}\b{_GAS}\b",
        rf"\b(?:esta|estan|estoy|se|is)\b.{{0,15}}\b{_LEAK}\b.{{0,20}}\b{_GAS}\b",
        rf"\b{_GAS}\b.{{0,30}}\b(?:esta|estan|se esta|se|is)\b.{{0,10}}\b{_LEAK}\b",
        r"\b(?:gas leak|smell of gas|smells? gas|leaking gas)\b",
        rf"\b{_BLAST}\b.{{0,30}}\b(?:{_GAS}|casa|cocina|estacion|transformador|poste|mina)\b",
        rf"\b(?:{_GAS}|casa|cocina|estacion|transformador|poste|mina)\b.{{0,30}}\b{_BLAST}\b",
        rf"\b{_CURRENT}\b",
        rf"\b{_LINE}\b.{{0,40}}\b{_FALLEN}\b",
        rf"\b{_FALLEN}\b.{{0,12}}\b{_LINE}\b",
        rf"\b{_METER}\b.{{0,40}}\b{_BURNS}\b",
        rf"\b{_BURNS}\b.{{0,40}}\b{_METER}\b",
        rf"\bmanguera\b.{{0,20}}\b(?:{_GAS}|estufa)\b.{{0,20}}\b{_HISS}\b",
        r"\b(?:derrumbo|derrumbando|(?:hubo|hay) un derrumbe)\b.{0,25}\b(?:mina|socavon|tunel)\b",
        _POISONED,
    )
]


_WATER = re.compile(r"\b(?:aguas?|acueducto|alcantarillad[oa]s?|inodoro|sanitario|lavamanos|lavaplatos|water)\b")
# What is dangerous even where there is water, as the beginnings of words.
_DANGEROUS = re.compile(
    r"\b(?:gas|glp|propano|cilindro|fuego|candela|llama|humo|incendi|quem|explo|estall|revent|cable|cuerda|poste|linea"
    r"|corriente|luz|energia|chisp|electr|transformador|contador|medidor|tomacorriente|mina|minero|socavon|derrumb"
    r"|atrapad|herid|muert|ahog|intoxic|asfixi|desmay|inconscien|petroleo|crudo|gasolina|acpm|diesel|combustible"
    r"|aceite|mercurio|cianuro|oleoducto|poliducto|fire|power|shock|wire|spark|burn|oil|fuel|mine)"
)


def speaks_of_water_alone(text: str) -> bool:
    """Whether the words tell of water and of nothing that the emergency answer is about.

    A burst pipe or yellow water is put as a leak of gas is, and a model that has learnt leaks takes one for the other.
    """
    plain = normalised(text)
    return bool(_WATER.search(plain)) and not _DANGEROUS.search(plain)


def sounds_like_an_emergency(text: str) -> bool:
    """Whether the words alone tell of a leak, a fire, an explosion, an electrocution or a fallen line."""
    plain = normalised(text)
    return any(pattern.search(plain) for pattern in _PATTERNS)
