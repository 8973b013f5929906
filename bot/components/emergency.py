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
_CURRENT = r"(?:electrocut\w*|lo cogio la corriente|la cogio la corriente|le paso corriente|electric shock)"
_LINE = r"(?:cables?|cuerdas?|postes?|transformador|lineas? (?:electricas?|de energia|de luz)|power line)"
_FALLEN = r"(?:suelo|piso|caid[oa]s?|cayo|cayeron|chispas?|chispeando|fallen|down)"
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
        _POISONED,
    )
]


def sounds_like_an_emergency(text: str) -> bool:
    """Whether the words alone tell of a leak, a fire, an explosion, an electrocution or a fallen line."""
    plain = normalised(text)
    return any(pattern.search(plain) for pattern in _PATTERNS)
