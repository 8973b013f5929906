"""The corrected metadata of Rasa in pyproject.toml still describes something that works."""

import importlib
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

from consultame.settings import PROJECT_DIRECTORY

METADATA = {
    entry["name"]: entry
    for entry in tomllib.loads((PROJECT_DIRECTORY / "pyproject.toml").read_text())["tool"]["uv"]["dependency-metadata"]
}


@pytest.mark.parametrize("package", METADATA)
def test_what_is_installed_is_what_the_corrected_metadata_asks_for(package: str) -> None:
    entry = METADATA[package]
    assert version(package) == entry["version"]
    for text in entry["requires-dist"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(version(requirement.name), prereleases=True), text


@pytest.mark.parametrize(
    "module",
    [
        "rasa.core.agent",
        "rasa.core.run",
        "rasa.model_training",
        "rasa.core.tracker_store",
        "rasa.engine.graph",
        "rasa_sdk.executor",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.core.policies.ted_policy",
    ],
)
def test_rasa_imports_on_this_python(module: str) -> None:
    importlib.import_module(module)


def test_no_python_version_file_overrides_what_the_project_requires() -> None:
    assert not (PROJECT_DIRECTORY / ".python-version").exists()
