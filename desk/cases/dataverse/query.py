"""The question for a case, in OData's words."""

from collections.abc import Iterable

from desk.cases.dataverse.mapping import FieldMapping
from desk.radicado import Radicado


def quoted(text: str) -> str:
    """A text as OData writes it: within single quotes, those inside it doubled (OData 4.01 ABNF, `string`)."""
    return "'" + text.replace("'", "''") + "'"


def selection(attributes: Iterable[str]) -> dict[str, str]:
    """`$select` and `$expand` for attributes, some of them `relation/name`."""
    own: list[str] = []
    related: dict[str, list[str]] = {}
    for attribute in dict.fromkeys(attributes):
        relation, _, name = attribute.rpartition("/")
        (related.setdefault(relation, []) if relation else own).append(name)
    options = {"$select": ",".join(own)} if own else {}
    if related:
        expanded = (f"{relation}($select={','.join(names)})" for relation, names in related.items())
        options["$expand"] = ",".join(expanded)
    return options


def case_query(mapping: FieldMapping, radicado: Radicado) -> dict[str, str]:
    """The query options that give the rows of one number, in either way in which numbers are written there."""
    hyphenated = str(radicado)
    # Real documents show `2-2023-008168` and `1-2023011418`.
    spellings = (hyphenated, f"{radicado.direction}-{radicado.year}{radicado.sequence}")
    alternatives = " or ".join(f"{mapping.number} eq {quoted(spelling)}" for spelling in spellings)
    return selection(mapping.attributes.values()) | {"$filter": alternatives}
