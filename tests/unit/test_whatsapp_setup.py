"""What an operator sets up for WhatsApp: templates to register with Meta, and settings."""

import json
import subprocess
from pathlib import Path

import pytest

from consultame.settings import SettingsError, load_settings
from consultame.whatsapp_registration import LONGEST_BODY, LONGEST_BUTTON, LONGEST_FOOTER, registrations
from consultame.whatsapp_template import LONGEST_PARAMETER
from tests.running_system import COMMAND, environment_for, run_command
from tests.whatsapp_server import PUBLIC_URL


def test_the_templates_to_register_keep_within_what_meta_takes() -> None:
    for each in registrations(load_settings()):
        body, footer, buttons = each["components"]
        # A variable may not be the first or last thing of a body.
        assert not body["text"].startswith("{{")
        assert not body["text"].rstrip(" .").endswith("}}")
        assert len(body["text"]) + 2 * LONGEST_PARAMETER <= LONGEST_BODY
        assert len(footer["text"]) <= LONGEST_FOOTER
        assert len(buttons["buttons"]) <= 2
        for button in buttons["buttons"]:
            assert len(str(button["text"])) <= LONGEST_BUTTON
            assert str(button["url"]).endswith("/{{1}}")


def test_the_command_prints_the_templates_with_the_public_address(data_directory: Path) -> None:
    assert run_command(data_directory, "whatsapp-templates").returncode == 1
    done = subprocess.run(
        [*COMMAND, "whatsapp-templates"],
        env=environment_for(data_directory, CONSULTAME_PUBLIC_URL=PUBLIC_URL),
        capture_output=True,
        text=True,
        timeout=120,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["name"], line["language"]) for line in lines] == [
        ("cita_recordatorio_24h", "es"),
        ("cita_recordatorio_24h", "en"),
        ("cita_recordatorio_1h", "es"),
        ("cita_recordatorio_1h", "en"),
        ("respuesta_disponible", "es"),
        ("respuesta_disponible", "en"),
    ]
    opened = {line["name"]: [button["url"] for button in line["components"][2]["buttons"]] for line in lines}
    assert opened == {
        "cita_recordatorio_24h": [f"{PUBLIC_URL}/citas/{{{{1}}}}"] * 2,
        "cita_recordatorio_1h": [f"{PUBLIC_URL}/citas/{{{{1}}}}"] * 2,
        "respuesta_disponible": [f"{PUBLIC_URL}/respuestas/{{{{1}}}}"],
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"PHONE_NUMBER_ID": "106540352242922"},
        {"ACCESS_TOKEN": "EAAG-secret"},
        {"PHONE_NUMBER_ID": "+57 300", "ACCESS_TOKEN": "EAAG-secret"},
        {"API_URL": "http://graph.example"},
        {"API_URL": "https://graph.example/v24.0"},
        {"API_VERSION": "24"},
        {"TEMPLATE_DAY_BEFORE": "Cita recordatorio"},
        {"TEMPLATE_ANSWER": "respuesta-disponible"},
        {"LANGUAGE_ES": "español"},
    ],
)
def test_settings_that_cannot_be_used_are_refused_without_showing_the_token(
    changed: dict[str, str], data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(f"CONSULTAME_WHATSAPP_{name}", value)
    load_settings.cache_clear()
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "EAAG" not in str(refused.value)
