"""Wrong words on the command line get one clear line and exit code 2; nothing else happens."""

from pathlib import Path

import pytest

from consultame.settings import SEED_DIRECTORY
from kb.exchange import read_topic_file, topic_files
from tests.running_system import run_command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing command"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["ask"], "give a question or --file"),
        (["ask", "hola", "--file", "x.txt"], "one of the two"),
        (["ask", "  "], "the question is empty"),
        (["ask", "a" * 1001], "longer than 1000 characters"),
        (["ask", "hola", "--sender", ""], "--sender"),
        (["ask", "--file", "no-such-file.txt"], "no-such-file.txt"),
        (["ask", "hola", "--colour"], "No such option: --colour"),
        (["kb", "list", "--topic", "deportes"], "no topic 'deportes'"),
        (["kb", "import", "no-such-file.yml", "--author", "a@b.example"], "no such file"),
        (["kb", "import", "nlu.yml", "--rasa", "--author", "a@b.example"], "--rasa and --topic go together"),
        (["kb", "import", "no-such-file.csv", "--author", "a@b.example"], "No such file"),
        (["kb", "template", "plantilla.ods"], "must end in .csv or .xlsx"),
        (["kb", "show"], "slug"),
        (["user", "add", "a@b.example", "--name", "A", "--role", "king"], "'king' is not one of"),
    ],
)
def test_wrong_input_gets_one_line_and_exit_code_two(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run_command(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_what_needs_a_database_says_so_when_there_is_none(tmp_path: Path) -> None:
    for arguments in (["kb", "list"], ["ask", "hola"]):
        done = run_command(tmp_path, *arguments)
        assert done.returncode == 1
        assert "consultame init" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_staff_account_is_added_once(tmp_path: Path) -> None:
    assert run_command(tmp_path, "init").returncode == 0
    words = [
        "user",
        "add",
        "ana@minenergia.example",
        "--name",
        "Ana",
        "--role",
        "curator",
        "--password",
        "una-clave-larga",
    ]
    first, second = run_command(tmp_path, *words), run_command(tmp_path, *words)
    assert (first.returncode, first.stdout) == (0, "ana@minenergia.example added as curator.\n")
    assert second.returncode == 2
    assert "already has an account" in second.stderr


def test_the_knowledge_base_goes_out_and_comes_back_unchanged(tmp_path: Path) -> None:
    data, folder = tmp_path / "var", tmp_path / "out"
    shipped = sum(len(read_topic_file(path).entries) for path in topic_files(SEED_DIRECTORY))
    assert f"{shipped} entries added" in run_command(data, "init").stdout
    assert "0 entries added" in run_command(data, "init").stdout
    assert run_command(data, "kb", "export", str(folder)).returncode == 0
    listed = run_command(data, "kb", "list").stdout.splitlines()
    assert len(listed) == shipped
    shown = run_command(data, "kb", "show", "glp_requisitos").stdout
    assert "estrato" in shown
    done = run_command(data, "kb", "import", str(folder), "--author", "curadora@consultame.example")
    assert (done.returncode, done.stdout) == (0, "0 version(s) wait for review.\n")


def test_the_version_is_the_package_version(tmp_path: Path) -> None:
    from consultame import __version__

    assert run_command(tmp_path, "version").stdout == f"{__version__}\n"
