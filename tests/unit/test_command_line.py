"""Wrong words on the command line get one clear line and exit code 2; nothing else happens."""

import json
import subprocess
from pathlib import Path

import pytest

from consultame.settings import SEED_DIRECTORY
from kb.exchange import read_topic_file, topic_files
from tests.running_system import COMMAND, environment_for, run_command


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
        (["mask"], "give a text or --file"),
        (["mask", "hola", "--file", "x.txt"], "one of the two"),
        (["mask", "--file", "no-such-file.txt"], "no-such-file.txt"),
        (["mask", "--file", "/"], "directory"),
        (["erase"], "give one of --older-than"),
        (["erase", "--phone", "601 220 0300"], "--phone is not a mobile number"),
        (["erase", "--email", "a@b.co", "--document", "12345678"], "give one of"),
        (["erase", "--older-than", "0"], "--older-than"),
        (["erase", "--document", "12"], "--document takes"),
        (["erase", "--email", "ana"], "--email is not"),
        (["kb", "list", "--topic", "deportes"], "no topic 'deportes'"),
        (["kb", "import", "no-such-file.yml", "--author", "a@b.example"], "no such file"),
        (["kb", "import", "nlu.yml", "--rasa", "--author", "a@b.example"], "--rasa and --topic go together"),
        (["kb", "import", "no-such-file.csv", "--author", "a@b.example"], "No such file"),
        (["kb", "template", "plantilla.ods"], "must end in .csv or .xlsx"),
        (["kb", "show"], "slug"),
        (
            ["appointments", "staff", "add", "a@b.co", "--name", "A", "--hours", "fri-mon 9:00-10:00"],
            "is not of the form",
        ),
        (["appointments", "staff", "add", "a@b.co", "--name", "A", "--hours", "mon 25:00-26:00"], "is not of the form"),
        (["appointments", "absence", "add", "a@b.co", "--from", "hoy", "--to", "2026-12-01"], "--from"),
        (["appointments", "figures", "--from", "2026-12-02", "--to", "2026-12-01"], "--to is before --from"),
        (["appointments", "mark", "1", "--missed", "--outcome", "resuelta"], "--outcome goes with --attended"),
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


def test_masking_a_file_prints_a_line_for_each(tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("soy Ana Pérez\n\ncc 1085245678 año\n", encoding="utf-8")
    plain = run_command(tmp_path, "mask", "--file", str(texts))
    assert (plain.returncode, plain.stdout) == (0, "soy [nombre]\n\ncc [documento] año\n")
    last = json.loads(run_command(tmp_path, "mask", "--json", "--file", str(texts)).stdout.splitlines()[-1])
    assert last == {
        "text": "cc 1085245678 año",
        "masked": "cc [documento] año",
        "found": [{"kind": "documento", "label": "[documento]", "start": 3, "end": 13}],
    }


def test_masking_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("cédula".encode("latin-1"))
    done = run_command(tmp_path, "mask", "--file", str(tmp_path / "latin.txt"))
    assert done.returncode == 2
    assert done.stderr.strip().endswith("latin.txt: not UTF-8 text")


def test_masking_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("hola\n" * 20_000)
    process = subprocess.Popen(
        [*COMMAND, "mask", "--file", str(texts)],
        env=environment_for(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline() == b"hola\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) in (0, 1)


def test_a_conversation_is_erased_on_request(tmp_path: Path) -> None:
    run_command(tmp_path, "init")
    done = run_command(tmp_path, "erase", "--document", "1085245678")
    assert (done.returncode, done.stdout) == (
        0,
        ("0 conversation(s), 0 unanswered question(s), 0 message(s) and 0 answer request(s) erased.\n"),
    )
    assert run_command(tmp_path, "erase", "--older-than", "90").stdout == "0 conversation(s) erased.\n"


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
