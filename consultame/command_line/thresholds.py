"""`consultame thresholds`: choose from data how sure the assistant must be, and write it to bot/config.yml."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from consultame.command_line.outcome import CommandFailed
from consultame.database import read_session
from consultame.settings import BOT_DIRECTORY
from kb.entries import approved_versions
from kb.training_data import write_training_data

if TYPE_CHECKING:
    from bot.calibration import Calibration, Figures
    from bot.components.training_examples import TrainingExamples

CONFIGURATION = BOT_DIRECTORY / "config.yml"
SELECTOR = "bot.components.knowledge_base_selector.KnowledgeBaseSelector"


def thresholds(
    write: Annotated[bool, typer.Option("--write", help="Write them to bot/config.yml; then train again.")] = False,
) -> None:
    """Choose temperature and thresholds by cross-validation on the approved entries and the bot's own examples."""
    # Rasa and the models take seconds to load, which no other command shall wait for.
    from bot.calibration import calibrated
    from bot.components.knowledge_base_selector import KnowledgeBaseSelector, training_vectors_file
    from bot.components.understanding import configured_thresholds

    configured = KnowledgeBaseSelector.get_default_config() | selector_of(_document(CONFIGURATION))
    examples = _examples()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Cross-validating", total=1)
        calibration = calibrated(
            examples,
            configured_thresholds(configured),
            training_vectors_file(),
            lambda share: progress.update(task, completed=share),
        )
    console = Console()
    _print_figures(console, calibration.figures)
    values = _as_configured(calibration)
    for name, value in values.items():
        console.print(f"{name}: {value}", highlight=False)
    if write:
        write_values(CONFIGURATION, values)
        console.print("Written to bot/config.yml; `consultame train` puts them into service.", highlight=False)


def write_values(configuration: Path, values: dict[str, float]) -> None:
    """Set the selector's values in a Rasa configuration; comments and the rest stay as they are.

    Raises:
        CommandFailed: it cannot be read or written, or has no selector; it is then as it was.
    """
    document = _document(configuration)
    selector_of(document).update(values)
    unfinished = configuration.with_name(f".{configuration.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            _yaml().dump(document, file)
        unfinished.replace(configuration)
    except OSError as error:
        raise CommandFailed(f"{configuration.name} cannot be written: {error.strerror}") from None


def selector_of(document: Any) -> Any:
    """The selector's part of a Rasa configuration.

    Raises:
        CommandFailed: there is none.
    """
    for component in (document or {}).get("pipeline") or []:
        if component.get("name") == SELECTOR:
            return component
    raise CommandFailed(f"config.yml has no component {SELECTOR}")


def _document(configuration: Path) -> Any:
    try:
        return _yaml().load(configuration)
    except (OSError, YAMLError) as error:
        raise CommandFailed(f"{configuration.name} cannot be read: {error}") from None


def _yaml() -> YAML:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _examples() -> "TrainingExamples":
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.components.training_examples import training_examples

    with read_session() as session:
        versions = approved_versions(session)
    if not versions:
        raise CommandFailed("no entry is approved, so there is nothing to choose from")
    # Not where training reads it, which may be under way.
    with TemporaryDirectory() as folder:
        entries = load_data(str(write_training_data(versions, Path(folder))), language="es")
    return training_examples(entries.merge(load_data(str(BOT_DIRECTORY / "data" / "nlu"), language="es")))


def _as_configured(calibration: "Calibration") -> dict[str, float]:
    chosen = calibration.thresholds
    return {
        "temperature": calibration.temperature,
        "sure_by_wording": calibration.sure_by_wording,
        "answer_threshold": chosen.answer,
        "out_of_scope_threshold": chosen.out_of_scope,
        "suggest_threshold": chosen.suggest,
        "small_talk_threshold": chosen.small_talk,
    }


def _print_figures(console: Console, found: "Figures") -> None:
    table = Table("of questions never trained on", "share", box=None)
    for label, share in (
        ("in scope: answered rightly", found.answered_rightly),
        ("in scope: answered wrongly", found.answered_wrongly),
        ("in scope: suggested", found.suggested),
        ("in scope: suggested, the right one among them", found.suggested_with_the_right_one),
        ("in scope: refused", found.refused),
        ("in scope: taken for small talk", found.taken_for_small_talk),
        ("in scope: the likeliest answer is right", found.first_is_right),
        ("in scope: right among the likeliest three", found.right_among_first_three),
        ("out of scope: answered", found.out_of_scope_answered),
        ("out of scope: suggested", found.out_of_scope_suggested),
    ):
        table.add_row(label, f"{share:.1%}")
    console.print(table)
