"""What the bot's process reads of the training files is what Rasa reads."""

from pathlib import Path

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.assistant_files import GeneratedQuestionsReader
from kb.models import Entry, EntryVersion, Topic
from kb.training_data import write_training_data

QUESTIONS = [
    "¿Qué es el GLP: gas?", "no", "- 12:30 #hora", "qué es [esto](cosa) {x}", "/saludar ya",
    "'comillas' \"dobles\"", "🔥 50 %",
]  # fmt: skip


def test_generated_questions_are_read_as_rasa_reads_them(tmp_path: Path) -> None:
    versions = [
        EntryVersion(entry=Entry(slug=slug, topic=Topic.GLP), questions_es=QUESTIONS, questions_en=["what is it?"])
        for slug in ("on", "123", "subsidio")
    ]
    (file,) = write_training_data(versions, tmp_path).glob("*.yml")
    expected = RasaYAMLReader().read(str(file)).training_examples
    found = GeneratedQuestionsReader().read(str(file)).training_examples
    assert len(found) == 3 * (len(QUESTIONS) + 1)
    assert [message.as_dict() for message in found] == [message.as_dict() for message in expected]
