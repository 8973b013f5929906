"""How hours are said, in Spanish and English: the rules in the order in which they are tried."""

from datetime import time

from desk.appointments.spoken_dates import time_meanings as means
from desk.appointments.spoken_dates.rules import Rule, pattern
from desk.appointments.spoken_dates.time_meanings import Meaning
from desk.appointments.spoken_dates.times import Hours
from desk.appointments.spoken_dates.understood import Part

_HALF = (
    r"[ap]m|m(?= ,|$)|(?:de|en|por|a) la (?:manana|tarde|noche|madrugada)|de (?:tarde|noche|madrugada)"
    r"|del? (?:mediodia|medio dia|dia)|(?:in|of) the (?:morning|afternoon|evening)|at night"
)
_SURE_HALF = (
    r"[ap]m|de la (?:manana|tarde|noche|madrugada)|de (?:tarde|noche)|del (?:mediodia|medio dia|dia)"
    r"|in the (?:morning|afternoon|evening)|at night"
)
_PART = r"(?P<part>manana|tarde|noche|madrugada|morning|afternoon|evening|night)"
# What may follow a number after «las» or «a»: not «las 2 personas», «de 2 a 4 días».
_NO_COUNT = (
    r"(?! (?:de |del )?(?:mo\d+|dia|semana|mes|ano|personas?|fechas?|opciones|citas?|cosas|veces|vez|cuadras|pipetas?"
    r"|cilindros?|facturas?|recibos?|cuotas|anos|kilos|de ellas)\b)"
)


def _clock(suffix: str = "", halves: str = _HALF) -> str:
    """The pattern of an hour, its groups named with a suffix."""
    s = suffix
    return (
        rf"(?P<hour{s}>\d{{1,2}})(?::(?P<minute{s}>\d\d))?(?:\x20(?P<spaced{s}>[0-5]\d)(?! (?:de |del )?mo\d))?"
        rf"(?: (?:y|con) (?P<added{s}>media|cuarto|pico|\d{{1,2}})(?: minuto)?| menos (?P<taken{s}>cuarto|\d{{1,2}}))?"
        rf"(?: en punto)?(?: hora)?(?: (?P<half{s}>{halves}))?"
        rf"(?: y (?P<added_late{s}>media|cuarto)| menos (?P<taken_late{s}>cuarto|\d{{1,2}}))?"
    )


def _hour(halves: str) -> str:
    return (
        rf"(?<!the\x20)(?<!el\x20)(?<!dia\x20)(?P<hour>\d{{1,2}})(?: y (?P<added>media|cuarto|\d\d))? "
        rf"(?P<half>{halves})"
        r"(?: y (?P<added_late>media|cuarto)| menos (?P<taken_late>cuarto|\d{1,2}))?"
    )


_ARTICLE = r"(?:las? )?"
_AFTER = (
    r"(?:no antes|despues|luego|a partir|pasadas?|mas tarde(?= de\b)|desde|after|from|not before|later than|starting)"
    r"(?: (?:de|at))?"
)
_BEFORE = (
    r"(?:no despues|no mas tarde|(?<!no\x20)antes|hasta|a mas tardar|maximo|(?<!not\x20)before|until|by|not after"
    r"|no later than)(?: (?:de|a))?"
)


def _rule(name: str, words: str, meaning: Meaning, *, leaves: bool = False) -> Rule[Hours]:
    return Rule(name, pattern(words), meaning, leaves)


TIME_RULES: tuple[Rule[Hours], ...] = (
    _rule(
        "to the hour",
        rf"(?<!from\x20)(?:(?:al?|un|1|las?|faltando|faltan|at|en|in) ){{0,4}}"
        rf"(?P<before>cuarto|\d{{1,2}}|quarter)(?: minuto)? (?:para|pa|(?<!\d\x20)to|(?<=[125][05]\x20)to) "
        rf"{_ARTICLE}{_clock()}{_NO_COUNT}",
        means.to_the_hour,
    ),
    _rule(
        "delay",
        r"(?:en|dentro de|in) (?:(?P<half_hour>media hora|half an hour)"
        r"|(?:(?:unas |unos )?(?P<number>\d{1,3}) |an? )?(?P<unit>hora|minuto|hour|minute)(?P<more> y "
        r"media)?)(?! de\b)",
        means.delay,
    ),
    _rule(
        "delay from now",
        r"(?P<number>\d{1,3}) (?P<unit>hora|minuto|hour|minute)(?P<half_hour>(?!))?(?P<more>(?!))? (?:a partir de "
        r"ahora|despues|from now|later)",
        means.delay,
    ),
    _rule(
        "between",
        rf"(?:entre|between) {_ARTICLE}{_clock('1')} (?:y|and|a|-) {_ARTICLE}{_clock('2')}{_NO_COUNT}",
        means.window,
    ),
    _rule(
        "from to",
        rf"(?:de|desde|from) {_ARTICLE}{_clock('1')} (?:a|hasta|to|until|-)\x20{_ARTICLE}{_clock('2')}{_NO_COUNT}",
        means.window,
    ),
    _rule("range", rf"las? {_clock('1')}\x20(?:a|-|hasta)\x20{_ARTICLE}{_clock('2')}{_NO_COUNT}", means.window),
    _rule("range after a weekday", rf"(?<=wd\d\x20){_clock('1')} a {_clock('2')}{_NO_COUNT}", means.window),
    _rule(
        "hour and minutes after a weekday",
        r"(?<=wd\d\x20)(?P<hour>[1-9]|1[0-2])\x20(?P<minute>[0-5][05])(?! (?:[ap]m|de |del |mo))",
        means.bare,
    ),
    _rule("range of clocks", rf"(?=\d\d?:){_clock('1')} (?:a|-|to) (?=\d\d?:){_clock('2')}", means.window),
    _rule(
        "range of halves",
        rf"{_clock('1', _SURE_HALF)}\x20(?:a|hasta|to|-)\x20(?=[\d:]+ "
        rf"(?:{_SURE_HALF})(?![^ ])){_clock('2', _SURE_HALF)}",
        means.window,
    ),
    _rule(
        "range with a hyphen",
        rf"(?:(?:de|las?|from) )?(?P<hour1>\d{{1,2}})-(?P<hour2>\d{{1,2}}) (?P<half2>{_SURE_HALF})",
        means.window,
    ),
    _rule(
        "one or another",
        rf"(?:las?|at|tipo) {_clock('1')} (?:o|u|or) (?:a )?(?:las? |at |tipo )?{_clock('2')}{_NO_COUNT}",
        means.alternatives,
    ),
    _rule(
        "past the hour in Spanish",
        rf"(?P<after>media|cuarto|\d{{1,2}})(?: minuto)? pasadas?(?: de)? las? {_clock()}",
        means.past_the_hour,
    ),
    _rule("half two", rf"(?P<after>half) {_clock()}", means.past_the_hour),
    _rule(
        "past the hour",
        rf"(?:(?:at|a) ){{0,4}}(?P<after>half|quarter|\d{{1,2}})(?: minuto)? past {_clock()}",
        means.past_the_hour,
    ),
    _rule(
        "after noon",
        r"(?:despues|pasado|luego)(?: de)?(?:l| el)? (?:mediodia|medio dia)|after (?:noon|midday|lunch)",
        means.part(Part.AFTERNOON),
    ),
    _rule("after lunch", r"despues de(?:l| el)? (?:almuerzo|almorzar|comer)", means.part(Part.AFTERNOON)),
    _rule(
        "before noon",
        r"antes de(?:l| el)? (?:almuerzo|almorzar|mediodia|medio dia)|before (?:noon|midday|lunch)",
        means.part(Part.MORNING),
    ),
    _rule("before", rf"{_BEFORE} {_ARTICLE}{_clock()}{_NO_COUNT}", means.not_after),
    _rule("after", rf"{_AFTER} (?:a )?{_ARTICLE}{_clock()}{_NO_COUNT}(?! (?:a|hasta) las?)", means.not_before),
    _rule(
        "at",
        r"(?:a eso de |como |sobre |hacia |tipo |faltando )?(?:a |para |de )?(?:las|(?:a|para|tipo|sobre) la"
        rf"|la(?= 1\b)|at|tipo|around|about) {_ARTICLE}{_clock()}{_NO_COUNT}",
        means.at,
    ),
    _rule("clock", rf"(?=\d\d?:){_clock()}", means.bare),
    _rule("hour of a half", _hour(_SURE_HALF), means.bare),
    _rule("noon", r"12 m|(?:al |a |a las? )?(?:mediodia|medio dia|noon|midday)", means.exactly(12)),
    _rule("midnight", r"(?:a |a la )?(?:media ?noche|midnight)", means.exactly(24)),
    _rule(
        "hour and part",
        rf"(?<!el\x20)(?<!del\x20)(?<!dia\x20)(?P<hour>\d{{1,2}}) (?:y (?P<added>media|cuarto|[0-5][05])|menos "
        rf"(?P<taken>cuarto|\d{{1,2}}))(?: (?P<half>{_HALF}))?{_NO_COUNT}",
        means.bare,
    ),
    _rule("sharp", r"(?P<hour>\d{1,2}) (?:en punto|o'? ?clock)", means.bare),
    _rule("full hours", r"(?P<hour>1[3-9]|2[0-3]) hora", means.bare),
    _rule("hour after a day", r"(?<=manana\x20)a (?P<hour>\d{1,2})(?= ,|$)", means.bare),
    _rule(
        "early in a part",
        r"(?:(?:al?|en|a) )?(?:(?:principio|comienzo|inicio|primeras? hora|ord1 hora|temprano|early) (?:(?:de|en|por"
        rf"|in) )?(?:(?:la|the) )?){_PART}",
        means.early_in_part,
    ),
    _rule(
        "end of the day",
        r"(?:al? )?(?:final|finalizar|fin|end) (?:del|de|el|of the) (?:dia|day)",
        means.part(Part.AFTERNOON, time(16)),
    ),
    _rule(
        "late in a part",
        r"(?:(?:al?|en|hacia) )?(?:(?:el|la) )?(?:final|fin|ultimo hora|late|end|finalizando|terminando|caer)(?: "
        rf"(?:de|en|por|in|of))?(?: (?:la|the))? (?<!de\x20){_PART}",
        means.late_in_part,
    ),
    _rule("middle of a part", rf"(?:a )?(?:media|mitad de la|mid) {_PART}", means.middle_of_part),
    _rule(
        "first hour",
        r"(?:a |en )?(?:la )?(?:ord1|primeras?) hora|(?:bien |muy |lo mas )?temprano|early(?! (?:next|this|in|of"
        r"|january|mo))|first thing",
        means.part(Part.MORNING),
    ),
    _rule("last hour", r"(?:a )?(?:la )?ultimo hora", means.part(Part.AFTERNOON, time(16))),
    _rule("dusk", r"(?:al )?(?:atardecer|anochecer)", means.part(Part.AFTERNOON, time(16))),
    _rule("this part", r"(?<=este\x20)(?P<part>manana|tarde|noche|madrugada)", means.in_part, leaves=True),
    _rule(
        "this part in English",
        r"(?:(?<=this\x20)|(?=tonight))(?P<part>morning|afternoon|evening|tonight)",
        means.in_part,
        leaves=True,
    ),
    _rule(
        "part",
        r"(?:(?:por|en|a|de|durante|toda|para|hacia|tipo|pero|solo|sea|mejor) ){0,4}(?:(?:hora|franja|jornada) "
        r"(?:de|en) )?(?:la|las) (?P<part>manana|mananas|tarde|tardes|noche|noches|madrugada)",
        means.in_part,
    ),
    _rule("part without article", r"(?:por|en|de|a|tipo) (?P<part>tarde|tardes|noche)", means.in_part),
    _rule("part after a day", r"(?<=wd\d\x20)(?P<part>tarde|noche)", means.in_part),
    _rule("part after tomorrow", r"(?<=manana\x20)(?P<part>tarde|noche|manana)", means.in_part),
    _rule("part after today", r"(?<=hoy\x20)(?P<part>tarde|noche)", means.in_part),
    _rule(
        "part in English",
        r"(?<!this\x20)(?:(?:in|on|at|for) )?(?:the )?(?P<part>mornings?|afternoons?|evening|night)",
        means.in_part,
    ),
)
