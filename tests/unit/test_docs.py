"""The documents say what the code does."""

import re

from consultame.settings import PROJECT_DIRECTORY, Settings

DOCUMENTS = [PROJECT_DIRECTORY / "README.md", *sorted((PROJECT_DIRECTORY / "docs").glob("*.md"))]


def test_every_setting_is_documented_and_in_the_example_file() -> None:
    names = {f"CONSULTAME_{name.upper()}" for name in Settings.model_fields}
    deployment = (PROJECT_DIRECTORY / "docs" / "deployment.md").read_text()
    documented = set(re.findall(r"^\| `(CONSULTAME_\w+)`", deployment.split("## Settings")[1], re.MULTILINE))
    assert documented == names
    example = (PROJECT_DIRECTORY / ".env.example").read_text()
    assert set(re.findall(r"^#?(CONSULTAME_\w+)=", example, re.MULTILINE)) == names


def test_every_file_and_folder_that_the_documents_name_is_there() -> None:
    named = {
        (document.name, path)
        for document in DOCUMENTS
        for path in re.findall(r"`((?:bot|kb|desk|admin|widget|consultame|tests|docs)/[\w./-]*)`", document.read_text())
    }
    generated = {"bot/data/kb/"}
    assert named
    assert [item for item in named if item[1] not in generated and not (PROJECT_DIRECTORY / item[1]).exists()] == []
