"""Whether the CRM can be asked for cases: what it reaches, which attributes are there, which values have no meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consultame.settings import Settings
from desk.cases.dataverse.connection import connection_of
from desk.cases.dataverse.failures import RequestRefused
from desk.cases.dataverse.mapping import FieldMapping, mapping_of
from desk.cases.dataverse.query import selection
from desk.cases.dataverse.rows import Row, value_of
from desk.cases.dataverse.web_api import WebApi

SAMPLED_PAGES = 4
_SAMPLED_PAGE_SIZE = 250


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it is, what was found, and whether look-ups work with it."""

    subject: str
    found: str
    is_fine: bool = True


def findings(settings: Settings) -> Iterator[Finding]:
    """What is found, one after the other; no citizen's data among it.

    Raises:
        SettingsError: kinds or states in the settings mean nothing that a case can be.
        DirectoryUnavailable: the CRM cannot be reached, or does not know the application.
    """
    mapping, connection = mapping_of(settings), connection_of(settings)
    api = WebApi(connection)
    user = api.answer("WhoAmI", {})
    yield Finding(connection.url, f"answers application user {user.get('UserId')}")
    missing = set()
    for thing, attribute in mapping.attributes.items():
        finding = _attribute(api, mapping, thing, attribute)
        if not finding.is_fine:
            missing.add(thing)
        yield finding
    if not missing & {"kind", "state"}:
        yield from _values(api, mapping)


def _attribute(api: WebApi, mapping: FieldMapping, thing: str, attribute: str) -> Finding:
    subject = f"{thing}: {attribute}"
    try:
        rows = api.rows(
            mapping.table,
            selection([mapping.number, attribute]) | {"$filter": f"{attribute} ne null"},
            page_size=1,
            most_pages=1,
        )
    except RequestRefused as refusal:
        return Finding(subject, str(refusal), is_fine=False)
    return Finding(subject, "there" if rows else "there, empty in every case that can be read")


def _values(api: WebApi, mapping: FieldMapping) -> Iterator[Finding]:
    options = selection([mapping.kind, mapping.state]) | {"$orderby": f"{mapping.received} desc"}
    rows = api.rows(mapping.table, options, page_size=_SAMPLED_PAGE_SIZE, most_pages=SAMPLED_PAGES)
    yield Finding(mapping.table, f"{len(rows)} case(s) looked at, the newest first", is_fine=bool(rows))
    yield _unexplained("kinds", rows, mapping.kind, mapping.kinds)
    yield _unexplained("states", rows, mapping.state, mapping.states)


def _unexplained(subject: str, rows: list[Row], attribute: str, meanings: Mapping[str, object]) -> Finding:
    values = {value_of(row, attribute) or "empty" for row in rows}
    unknown = sorted(values - meanings.keys())
    if unknown:
        found = f"{attribute} has values that CONSULTAME_DATAVERSE_{subject.upper()} does not explain: "
        return Finding(subject, found + ", ".join(value[:40] for value in unknown), is_fine=False)
    return Finding(subject, f"each value is explained ({', '.join(sorted(values)) or 'none seen'})")
