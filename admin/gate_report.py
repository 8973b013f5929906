"""What the gate of a publication found, in words that the staff reads."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.wording import TASKS
from kb.models import Entry, EntryVersion, FindingKind, GateFinding, Publication, Task

_HEADINGS = {
    FindingKind.STORY: "Conversaciones de prueba que van por otro camino",
    FindingKind.STOLEN: "Preguntas de otras entradas que cambiarían de respuesta",
    FindingKind.OWN_QUESTION: "Preguntas propias que no encuentran su entrada",
    FindingKind.HELD_OUT: "Preguntas apartadas que no encuentran su entrada",
    FindingKind.OUT_OF_SCOPE: "Preguntas fuera de alcance que se contestarían",
    FindingKind.UNSURE: "Preguntas que dejarían de contestarse con seguridad",
    FindingKind.ANSWER_CHANGE: "Preguntas reales recientes que cambian de respuesta",
}
_OUTCOMES = {
    "suggested": "Ofrece varias opciones",
    "unanswered": "Sin respuesta",
    "smalltalk": "Saludo o cortesía",
    "fuera_de_alcance": "Sin respuesta",
    "faq_ambigua": "Ofrece varias opciones",
    "emergencia": "Aviso de emergencia",
    "": "",
}


@dataclass(frozen=True)
class ReportedFinding:
    """A finding as a row: the text, whose question it is, what was done before and what would be done now."""

    text: str
    entry: str
    before: str
    after: str


@dataclass(frozen=True)
class ReportSection:
    """Findings of one kind; those that block keep the candidate out of service."""

    heading: str
    blocking: bool
    findings: list[ReportedFinding]


@dataclass(frozen=True)
class GateReport:
    """The report of one publication: a sentence for each thing that was checked, then what was found."""

    sentences: list[str]
    sections: list[ReportSection]


def gate_report(session: Session, publication: Publication) -> GateReport | None:
    """The report, or None while the gate has not run."""
    if publication.gate_counts is None:
        return None
    titles = _titles(session)
    sections = []
    for kind, heading in _HEADINGS.items():
        found = [finding for finding in publication.findings if finding.kind is kind]
        if found:
            rows = [_row(finding, titles) for finding in found]
            sections.append(ReportSection(heading, any(finding.blocking for finding in found), rows))
    return GateReport(_sentences(publication.gate_counts), sections)


def _row(finding: GateFinding, titles: dict[str, str]) -> ReportedFinding:
    # A story names intents and actions, which only the technical team can mend; they stay as they are.
    is_story = finding.kind is FindingKind.STORY
    before, after = (
        (finding.before, finding.after)
        if is_story
        else (outcome_label(finding.before, titles), outcome_label(finding.after, titles))
    )
    return ReportedFinding(finding.text, titles.get(finding.slug, finding.slug), before, after)


def outcome_label(outcome: str, titles: dict[str, str]) -> str:
    """What is done with a question, in Spanish: the entry's title, the task or that there is no answer."""
    name = outcome.removeprefix("answered:").removeprefix("task:")
    if name in titles:
        return titles[name]
    if name in set(Task):
        return TASKS[Task(name)]
    return _OUTCOMES.get(name, name)


def _titles(session: Session) -> dict[str, str]:
    newest = select(Entry.slug, EntryVersion.title).join(EntryVersion).order_by(EntryVersion.number)
    return dict(session.execute(newest).tuples().all())


def _sentences(counts: dict[str, int]) -> list[str]:
    sentences = [
        f"{counts['stories']} conversaciones de prueba y {counts['own_asked']} preguntas de las entradas.",
    ]
    if counts["held_out_asked"]:
        found = counts["held_out_asked"] - counts["held_out_missed"]
        sentences.append(
            f"{found} de {counts['held_out_asked']} preguntas apartadas de las entradas nuevas o cambiadas "
            "encuentran su entrada entre las tres primeras."
        )
    if not counts["compared"]:
        return [*sentences, "No había un modelo en servicio con el cual comparar."]
    return [
        *sentences,
        f"Fuera de alcance: se contestan {counts['out_of_scope_after']} de {counts['out_of_scope_asked']} preguntas; "
        f"antes {counts['out_of_scope_before']}.",
        f"{counts['recent_changed']} de {counts['recent_asked']} preguntas reales recientes cambian de respuesta.",
    ]
