"""How days are said, in Spanish and English: the rules in the order in which they are tried."""

from desk.appointments.spoken_dates import calendar_dates as calendar
from desk.appointments.spoken_dates import relative_days as relative
from desk.appointments.spoken_dates.calendar_dates import Meaning, named_day
from desk.appointments.spoken_dates.days import Days
from desk.appointments.spoken_dates.relative_days import shifted
from desk.appointments.spoken_dates.rules import Rule, pattern

_WD = r"wd(?P<wd>[0-6])"
_MO = r"mo(?P<mo>1[0-2]|[1-9])"
_DAY = r"(?P<day>3\d|[12]\d|0?[1-9])"
_DAY_OR_ORDINAL = r"(?P<day>3\d|[12]\d|0?[1-9]|ord[1-5])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF = r"(?:de|del|of)"
_OF_YEAR = (
    r"(?: (?:(?:(?:de|del|of) )?(?:este )?(?:ano )?(?P<year>(?:19|20)\d\d)|(?:de|del) (?=2\d"
    r"|3\d)(?P<short_year>\d\d)))?"
)
_COMING = r"(?:que (?:viene|entra|sigue)|entrante|siguiente|proximo)"
_NEXT_WEEK = rf"(?:(?:proximo|otro|siguiente|entrante|next|following) (?:semana|week)|semana {_COMING})"
_THIS_WEEK = r"(?:(?:este|this|misma) (?:semana|week)|semana (?:en curso|actual)|transcurso de la semana)"
_THE_MONTH = (
    rf"(?:{_MO}{_OF_YEAR}|(?P<next>(?:(?:el|la|the) )?(?:(?:proximo|otro|siguiente|next) (?:mes|month)|mes {_COMING}))"
    r"|(?:(?:el|este|the|this|presente) )?(?:mes|month)(?: (?:en curso|presente|actual))?)"
)
_ORDINAL = r"(?:ord(?P<nth>[1-5])|(?P<last>ultimo|last))"
_NUMBER = r"(?:(?P<number>\d{1,3})|an?)"
_IN = r"(?:en|dentro de|de aqui a|de hoy en|de aca a|a los|a las|in|within)"
# What may follow «martes 3» when 3 is no day of the month.
_NO_DAY = (
    r"(?! (?:am|pm|m|y media|y cuarto|hora|persona|personas|en punto|de la (?:tarde|manana|noche)|dia|veces|citas?)\b)"
)
# What «el 3» may be the number of, instead of the day.
_NO_THING = r"(?! (?:piso|dia|por ciento|ciento|mil|millones|ano|mes|semana|hora|minuto|persona|personas|citas?|%)\b)"
_PAST = r"(?:pasado|pasada|anterior)"


def _rule(name: str, words: str, meaning: Meaning) -> Rule[Days]:
    return Rule(name, pattern(words), meaning)


DATE_RULES: tuple[Rule[Days], ...] = (
    _rule("weekday of a month", rf"{_ORDINAL} {_WD} {_OF} {_THE_MONTH}", calendar.weekday_of_month),
    _rule(
        "past weekday of a week",
        rf"{_WD} (?:de )?(?:la )?(?:semana {_PAST}|(?:{_PAST}|ultimo) semana)|semana {_PAST} (?:el |- )?wd[0-6]"
        r"|ultimo wd[0-6](?! (?:de|del)\b)",
        relative.past,
    ),
    _rule("past", rf"(?:ayer|anteayer|antier|antes de ayer|anoche|antenoche|yesterday)(?: {_WD})?", relative.past),
    _rule(
        "past span",
        rf"(?:semana|mes|ano|{_WD}|fin de semana) {_PAST}|{_PAST} (?:semana|mes|ano|wd[0-6])",
        relative.past,
    ),
    _rule("past in English", rf"last (?:week|month|year|night|{_WD})", relative.past),
    _rule(
        "past duration",
        r"hace (?:mas de |como |casi |unos |unas )?(?:\d+|rato|poco|media) ?(?:dia|semana|mes|ano|hora|minuto)?",
        relative.past,
    ),
    _rule("past duration in English", r"(?:\d+|an?) (?:day|week|month|year|hour|minute)s? (?:ago|mo8)", relative.past),
    _rule(
        "day and weeks",
        rf"(?:(?:de|del|este|el|proximo) ){{0,4}}(?:{_WD}|(?P<base>hoy|pasado manana|manana)) en (?P<inclusive>8"
        r"|15)(?P<weeks>\b)(?: dia)?",
        relative.base_and_weeks,
    ),
    _rule(
        "weeks from a day",
        rf"(?:(?P<weeks>\d)|a) weeks? (?P<inclusive>)(?:from|after) (?:{_WD}|(?P<base>today|tomorrow))",
        relative.base_and_weeks,
    ),
    _rule(
        "days after a day",
        rf"(?:{_IN} )?(?P<number>\d{{1,2}}) (?P<unit>dia|semana|days?|weeks?) (?:despues|a partir|desde|contando desde"
        rf"|after|from) (?:(?:de|del|el|este) ){{0,4}}(?:(?P<base>hoy|ahora|manana|today|now|tomorrow)|{_WD})",
        relative.days_after,
    ),
    _rule("two days on", r"pasado manana|dia despues de manana|day after tomorrow", shifted(2)),
    _rule("three days on", r"(?:tras|tra|tres )pasado manana|pasado pasado manana", shifted(3)),
    _rule(
        "this and not the other",
        rf"no (?:el |para el )?(?:este )?{_WD}(?: no)? (?:sino |pero )?(?:el |para el )?(?:otro|siguiente|proximo|de "
        r"la otro semana)",
        relative.not_this_but_the_other,
    ),
    _rule(
        "this no, the other",
        rf"(?:el )?este {_WD} no (?:sino |pero |mejor )?(?:el )?(?:otro|siguiente)|wd[0-6] after next",
        relative.not_this_but_the_other,
    ),
    _rule(
        "week of a date", rf"semana (?:del|de el|que empieza el) (?:{_WD} )?{_DAY}(?: (?:de )?{_MO})?", calendar.week_of
    ),
    _rule("year first", rf"(?:{_WD} )?{_YEAR}[/.-](?P<month>\d{{1,2}})[/.-](?P<day>\d{{1,2}})", calendar.iso),
    _rule(
        "numeric",
        rf"(?:{_WD} (?:el |dia |el dia )?)?{_DAY}(?P<sign>[/.-])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<year>\d{{4}}|\d\d)"
        rf"| (?:(?:de|del) )?(?P<apart>(?:19|20)\d\d))?{_NO_THING}",
        calendar.numeric,
    ),
    _rule(
        "two dates of different months",
        rf"(?:del |de )?(?P<first>\d{{1,2}}) (?:de )?{_MO} (?:al?|hasta|-|to) (?:el )?(?P<second>\d{{1,2}}) "
        rf"(?:de )?mo(?P<month>1[0-2]|[1-9]){_OF_YEAR}",
        calendar.two_months,
    ),
    _rule(
        "two dates of a month",
        rf"(?:(?:del|de|entre|desde|from|between) )?(?:(?:el|the) )?(?P<first>\d{{1,2}}) (?:(?P<or>o|u|or)|al?|y|hasta"
        rf"|-|to|and)(?: (?:el|the))? (?P<second>\d{{1,2}}) (?:de |del |of )?{_MO}{_OF_YEAR}",
        calendar.two_days_of_month,
    ),
    _rule(
        "two dates of a month that is not named",
        r"(?:(?:entre|desde|el) ){1,4}(?P<first>\d{1,2})(?: \d{1,2})* "
        r"(?:(?P<or>o|u)|al|y|hasta) (?:el )?(?P<second>\d{1,2})(?P<mo>)(?P<year>)",
        calendar.two_days_of_month,
    ),
    _rule(
        "from day to day",
        r"del (?P<first>\d{1,2}) al (?P<second>\d{1,2})(?P<mo>)(?P<year>)(?P<or>)",
        calendar.two_days_of_month,
    ),
    _rule(
        "day and month",
        rf"(?:{_WD} )?(?:(?:el|the|dia) ){{0,4}}{_DAY_OR_ORDINAL} (?:{_OF} )?(?:el )?(?:mes (?:de )?)?{_MO}{_OF_YEAR}",
        calendar.day_and_month,
    ),
    _rule("year, month, day", rf"{_YEAR} {_MO} {_DAY}(?P<wd>)", calendar.day_and_month),
    _rule(
        "day of a numbered month",
        rf"(?:{_WD} )?(?:(?:el|dia) ){{0,4}}{_DAY} (?:del|de) (?:mes )?(?P<month>1[0-2]|0?[1-9]) (?:de|del) {_YEAR}"
        r"|(?:(?:el|dia) |^)(?P<day_>3\d|[12]\d|0?[1-9]) del (?:mes )?(?P<month_>1[0-2]|0?[1-9])",
        calendar.numbered_month,
    ),
    _rule(
        "month and day",
        rf"(?:{_WD} )?{_MO} (?:the |el )?(?P<day>3\d|[12]\d|0?[1-9]|ord1)(?! (?:am|pm|hora))(?: (?:(?:de|del"
        rf"|of) )?{_YEAR})?",
        calendar.day_and_month,
    ),
    _rule("edge of a month", rf"{_ORDINAL} (?:dia|day)(?P<habil> habil)? {_OF} {_THE_MONTH}", calendar.edge_of_month),
    _rule("day of a month", rf"(?:{_WD} )?{_DAY} {_OF} (?:la )?{_THE_MONTH}", calendar.day_of_a_month),
    _rule(
        "part of a month",
        r"(?:(?P<start>principio|comienzo|inicio|beginning|start|early)|(?P<middle>mediados?|mitad|middle|mid)"
        rf"|(?P<end>final|fin|end|late)|{_ORDINAL} (?:semana|week)) (?:(?:de|del|of|in) )?{_THE_MONTH}",
        calendar.part_of_month,
    ),
    _rule(
        "part of a week",
        r"(?:(?P<start>principio|comienzo|inicio|beginning|start|early)|(?P<middle>mediados?|mitad|middle|mid)"
        rf"|(?P<end>final|end|late)) (?:(?:de|of) )?(?:(?:la|the) )?(?:(?P<next>{_NEXT_WEEK})|{_THIS_WEEK}|semana"
        r"|week)",
        relative.part_of_week,
    ),
    _rule(
        "weeks on, a weekday",
        rf"{_IN} (?P<number>\d) semanas? (?:el )?{_WD}|wd[0-6] (?:de )?(?:dentro de|en) (?P<weeks>\d) semana",
        relative.weeks_later,
    ),
    _rule(
        "next business day",
        r"(?:proximo|siguiente|next) (?:dia|day|business) (?:habil|day)|(?:dia|day) (?:habil )?siguiente habil|dia "
        r"habil siguiente",
        relative.next_business_day,
    ),
    _rule(
        "next day",
        r"(?:al )?(?:dia siguiente|otro dia siguiente)|al otro dia|al dia siguiente|proximo dia(?! habil)|next day"
        r"|following day",
        shifted(1),
    ),
    _rule(
        "in days",
        rf"{_IN} (?:unos |unas |los |las )?(?:proximo )?{_NUMBER}(?: par de)?(?: proximo)? (?P<unit>dia|semana|mes"
        r"|ano)(?P<habil> habil)?",
        relative.duration,
    ),
    _rule(
        "in days, in English",
        rf"(?:in|within) {_NUMBER} (?P<habil>(?:business|working) )?(?P<unit>day|week|month|year)s?(?: time)?",
        relative.duration,
    ),
    _rule(
        "days from now",
        rf"{_NUMBER} (?P<habil>(?:business|working) )?(?P<unit>day|week|month|year)s? (?:from now|from today|later)",
        relative.duration,
    ),
    _rule(
        "week after next",
        r"week after next|(?:semana )?(?:despues de la|siguiente a la) (?:proximo|otro) semana|semana subsiguiente",
        relative.week_after_next,
    ),
    _rule("fortnight", r"(?:in )?a fortnight", shifted(14)),
    _rule(
        "same day",
        r"(?:el |la )?mism[oa] (?:dia|fecha)|(?:ese|aquel|same|that)(?: mismo)? (?:dia|day)",
        relative.same_day,
    ),
    _rule(
        "weekend", rf"(?:(?P<next>proximo|otro|next) )?(?:fin de semana|finde|weekend)(?: {_COMING})?", relative.weekend
    ),
    _rule("weekdays", r"entre semana|on weekdays?|a weekday", relative.some_day),
    _rule("next week", _NEXT_WEEK, relative.next_week),
    _rule("this week", _THIS_WEEK, relative.this_week),
    _rule(
        "two weekdays",
        r"(?:(?:del|de|desde|from) )?(?:el )?wd(?P<first>[0-6]) (?:al?|hasta|-|to|through)(?: el)? wd(?P<second>[0-6])",
        relative.two_weekdays,
    ),
    _rule(
        "between weekdays",
        r"(?:entre|between) (?:el )?wd(?P<first>[0-6]) (?:y|and)(?: el)? wd(?P<second>[0-6])",
        relative.two_weekdays,
    ),
    _rule(
        "weekday and day", rf"{_WD}(?: (?:el|dia|el dia|the))?\x20{_DAY}{_NO_DAY}{_NO_THING}", calendar.weekday_and_day
    ),
    _rule(
        "this weekday or the other",
        rf"(?:este|this) {_WD} (?:o|or) (?:el |the )?(?:otro|proximo|siguiente|next)(?: one)?",
        relative.some_weekday,
    ),
    _rule(
        "weekday after a holiday",
        r"wd[0-6] (?:siguiente|despues|after) (?:al?|del?)(?: el)? (?:festivo|puente|feriado)",
        relative.some_day,
    ),
    _rule("ordinal weekday", rf"{_ORDINAL} {_WD}", calendar.next_ordinal_weekday),
    _rule("this weekday", rf"(?:este|this)(?: mismo| proximo| coming)? {_WD}", relative.this_weekday),
    _rule("next weekday", rf"(?:proximo|siguiente|next|coming) {_WD}|wd[0-6] {_COMING}", relative.next_weekday_said),
    _rule("other weekday", rf"otro {_WD}|wd[0-6] (?:del otro|de los otros)", relative.other_weekday),
    _rule(
        "any weekday",
        rf"(?:cualquier|cualquiera de los|algun|los|cada|todos los|any|every|un|1) {_WD}",
        relative.some_weekday,
    ),
    _rule("weekday", rf"{_WD}(?! (?:negro|santo|de ramos|de resurreccion|de pascua))", relative.weekday),
    _rule(
        "day with article",
        rf"(?:(?:el|del|al|para el|este|proximo|dia|the|on the) ){{1,4}}{_DAY}{_NO_DAY}{_NO_THING}",
        calendar.day_of_month,
    ),
    _rule("ordinal first", r"(?:dia|el) (?P<day>ord1)(?! \w)", calendar.day_of_month),
    _rule(
        "whole month",
        rf"(?:(?:en|para|in|for|durante|por|de|del) (?:el )?)?(?:{_MO}{_OF_YEAR}|(?P<next>(?:proximo|otro|siguiente"
        rf"|next) (?:mes|month)|mes {_COMING})|este mes|this month)",
        calendar.whole_month,
    ),
    _rule("some year", rf"(?:proximo|otro|este|next|this) (?:ano|year)|ano {_COMING}", relative.some_day),
    _rule("christmas", r"(?:la )?navidad|christmas(?: day)?", named_day(25, 12)),
    _rule("christmas eve", r"noche buena|nochebuena|christmas eve", named_day(24, 12)),
    _rule("new year", r"(?:dia de )?ano nuevo|new years?(?: day)?", named_day(1, 1)),
    _rule("new year's eve", r"noche vieja|nochevieja|fin de ano|new years? eve", named_day(31, 12)),
    _rule("tonight", r"tonight|este (?:tarde|noche|manana|madrugada)|this (?:morning|afternoon|evening)", shifted(0)),
    _rule("today", r"hoy(?: mismo| en dia)?|today|el dia de hoy", shifted(0)),
    _rule(
        "tomorrow",
        r"tomorrow|(?:el dia de )?(?<!\bla\x20)(?<!\blas\x20)(?<!toda\x20)(?<!este\x20)(?<!media\x20)manana(?: mismo)?",
        shifted(1),
    ),
    _rule(
        "any day",
        r"cuando (?:sea|puedan?|usted(?:es)? (?:quieran?|digan?|puedan?)|quieran?|haya(?: cupo| espacio)?|gusten?|les "
        r"quede (?:bien|facil))|cualquier (?:dia|fecha|momento)|(?:el )?dia que (?:sea|quieran?|haya)|(?:lo )?(?:antes"
        r"|mas pronto|mas rapido) (?:que se pueda|posible)|cuanto antes|tan pronto(?: como)? (?:sea|se|lo|que) ?\w+"
        r"|en este momento|lo mas pronto(?: que se pueda)?|me da (?:igual|lo mismo)|(?:el|la) que sea|any ?(?:day"
        r"|time)|when ?ever(?: you can)?|as soon as possible|asap|earliest(?: possible)?|(?:primer|ord1) (?:cita|fecha"
        r"|cupo|espacio)(?: disponible)?|ahora(?: mismo)?|ya mismo|right now|now",
        relative.any_day,
    ),
    _rule(
        "some days on",
        r"en (?:unos|algunos|pocos|estos|los proximo|un par de)(?: proximo)? (?:dia|semana|mes)|en (?:unas|algunas) "
        r"semana|(?:un )?otro dia|(?:1 )?otro dia|another day|some day|algun dia|mas adelante|mas tarde|later",
        relative.some_day,
    ),
)

_NUMERIC = next(rule for rule in DATE_RULES if rule.name == "numeric")
# Among English words, "12/3" may be either order.
DATE_RULES_IN_ENGLISH = tuple(
    Rule(rule.name, rule.pattern, calendar.american_or_colombian) if rule is _NUMERIC else rule for rule in DATE_RULES
)
