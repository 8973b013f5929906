"""Citizens' Spanish brought to one form: for comparing, never for showing."""

import re
import unicodedata

_ABBREVIATIONS = {
    "q": "que", "k": "que", "qe": "que", "ke": "que", "xq": "porque", "pq": "porque", "xk": "porque", "porq": "porque",
    "x": "por", "xfa": "por favor", "porfa": "por favor", "pf": "por favor", "pa": "para", "pal": "para el",
    "tb": "tambien", "tmb": "tambien", "tbn": "tambien", "dnd": "donde", "dond": "donde", "cdo": "cuando",
    "cuand": "cuando", "cm": "como", "cmo": "como", "cuant": "cuanto", "bn": "bien", "msj": "mensaje",
    "info": "informacion",
    "tel": "telefono", "cel": "celular", "num": "numero", "nro": "numero", "rad": "radicado", "min": "ministerio",
    "minminas": "ministerio de minas", "minenergia": "ministerio de minas y energia", "nesesito": "necesito",
    "nececito": "necesito", "ncsito": "necesito", "toy": "estoy", "ta": "esta", "pos": "pues", "dl": "del", "d": "de",
    "sub": "subsidio", "susidio": "subsidio", "subcidio": "subsidio", "suvsidio": "subsidio", "subsidios": "subsidio",
    "resivo": "recibo", "resibo": "recibo", "sivil": "civil", "aki": "aqui", "ay": "hay", "ahi": "hay", "aser": "hacer",
    "ase": "hace", "aver": "a ver", "haver": "haber", "grax": "gracias", "tks": "gracias", "slds": "saludos",
}  # fmt: skip

_SAME_THING = {
    "pipeta": "cilindro", "pipetas": "cilindro", "pipa": "cilindro", "pipas": "cilindro", "bombona": "cilindro",
    "bombonas": "cilindro", "cilindros": "cilindro", "silindro": "cilindro",
    "garrafa": "cilindro", "balita": "cilindro",
    "recibo": "factura", "recibos": "factura", "facturas": "factura", "boleta": "factura",
    "carro": "vehiculo", "carros": "vehiculo", "vehiculos": "vehiculo", "auto": "vehiculo", "taxi": "vehiculo",
    "bomba": "estacion", "gasolinera": "estacion", "eds": "estacion",
    "electricidad": "luz", "sumerce": "usted", "merced": "usted", "merce": "usted",
    "lucas": "plata", "dinero": "plata", "billete": "plata", "auxilio": "subsidio", "ayudita": "ayuda",
}  # fmt: skip

_PHRASES = (
    (re.compile(r"\btanques? de(?:l)? gas\b"), "cilindro de gas"),
    (re.compile(r"\bmi cilindro\b"), "cilindro"),
    (re.compile(r"\b[123][\s.,_-]{0,3}(?:19|20)\d\d[\s.,_-]{0,3}\d{6}\b"), " numeroderadicado "),
    (re.compile(r"\b[a-z]{3}[\s-]?\d{3}\b"), " numerodeplaca "),
)
_DASHES = re.compile(r"[­‐-―−﹘﹣－]")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_LONG_NUMBER = re.compile(r"\d{5,}")
_WORD = re.compile(r"[a-z0-9]+")
# Letters that sound alike in Colombia, in the order in which they are replaced; ç stands for the sound of «ch».
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[cs]h", "ç"), (r"c(?=[eiy])|z", "s"), (r"c|qu(?=[ei])|q", "k"), (r"g(?=[ei])", "j"), (r"gu(?=[ei])", "g"),
        (r"ll", "y"), (r"w", "gu"), (r"v", "b"), (r"h", ""), (r"m(?=[bp])", "n"), (r"x(?=[a-z])", "s"),
        (r"([a-z])\1", r"\1"),
    )
)  # fmt: skip


def normalised(text: str) -> str:
    """Lower case, no accents, no stretched letters, abbreviations written out, regional words brought together.

    Radicados, plates and long numbers become one word each: that there is one matters, which one does not.
    """
    decomposed = unicodedata.normalize("NFKD", _DASHES.sub("-", text).lower())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    for pattern, replacement in _PHRASES:
        plain = pattern.sub(replacement, plain)
    plain = _LONG_NUMBER.sub(" numerolargo ", _REPEATED.sub(r"\1", plain))
    words = (_ABBREVIATIONS.get(word, word) for word in _WORD.findall(plain))
    return " ".join(_SAME_THING.get(word, word) for word in words)


def as_it_sounds(text: str) -> str:
    """A normalised text in one letter a sound: «veneficiaria» and «beneficiaria» become the same."""
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return text


def written_out(text: str) -> str:
    """The text with abbreviations written out and stretched letters shortened, accents kept: for the embedding."""
    shortened = re.sub(r"(\w)\1{2,}", r"\1", text)
    return re.sub(r"\b\w+\b", lambda match: _ABBREVIATIONS.get(match.group(0).lower(), match.group(0)), shortened)


def has_words(text: str) -> bool:
    """Whether there is language in the text: at least two letters in a row. Signs, emoji and bare numbers have none."""
    return re.search(r"[^\W\d_]{2}", text) is not None
