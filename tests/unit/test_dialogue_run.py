"""Whatever is said at whatever question, a dialogue asks, ends or leaves the floor; it never fails nor grows."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions.case_status import STATUS
from bot.actions.gncv_correction import CORRECTION
from bot.actions.petition import PETITION
from bot.channels.free_text import free_text
from bot.components.entities import entities_in
from bot.dialogues.dialogue import CHANGE, CONFIRM, AskAgain, Dialogue, Finished, Memory, Message
from bot.dialogues.fields import Answers, Context, Entity, Said
from bot.dialogues.run import DialogueRun
from bot.intents import OUT_OF_SCOPE, SMALL_TALK, TASKS

INTENTS = ("faq", "faq_ambigua", "emergencia", "ninguna_de_estas", "otro_idioma", OUT_OF_SCOPE, *TASKS, *SMALL_TALK)
CONTEXT = Context("web-1", "m-1", "web", "es", datetime(2026, 11, 30, 15, tzinfo=UTC))
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("/{}[]()<>\"'`;:,.|\\&%$#@!¿?0123456789 -abcABC"), max_size=60),
    st.sampled_from(
        ["ABC123", "1085245678", "a@b.co", "sí", "no", "Mocoa, Putumayo", "{correo}", "<b>x</b>", "1" * 900]
    ),
)


def finish(answers: Answers, context: Context) -> Finished | AskAgain:
    return Finished((Message("Listo."),))


def said(text: str, intent: str) -> Said:
    clean = free_text(text) or "x"
    entities = tuple(Entity(each["entity"], str(each["value"])) for each in entities_in(clean))
    return Said(clean, intent, "unanswered", entities)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.sampled_from([STATUS, CORRECTION, PETITION]),
    st.lists(st.tuples(TEXTS, st.sampled_from(INTENTS)), min_size=1, max_size=12),
)
def test_any_conversation_goes_on_or_ends(dialogue: Dialogue, conversation: list[tuple[str, str]]) -> None:
    run = DialogueRun(dialogue, finish, CONTEXT)
    memory = run.begin(said("hola", dialogue.intent)).memory
    for text, intent in conversation:
        if memory is None:
            break
        step = run.go_on(memory, said(text, intent))
        assert step.digression or all(message.text or message.slug for message in step.messages)
        assert not step.digression or step.memory is not None
        memory = step.memory
        if memory is not None:
            assert memory.failures < 3
            assert dialogue.asks_for(memory.requested)
            assert Memory.from_json(json.loads(json.dumps(memory.as_json()))) == memory


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from([STATUS, CORRECTION, PETITION]),
    st.sampled_from([CONFIRM, CHANGE, "consent", "kind", "plate", "details", "proof", "attachments", "nothing"]),
    st.text(max_size=12) | st.sampled_from(["yes", "no", "change", "cancel", "include", "", "plate", "consent"]),
)
def test_any_button_at_any_time_is_answered(dialogue: Dialogue, field: str, value: str) -> None:
    run = DialogueRun(dialogue, finish, CONTEXT)
    memory = run.begin(said("hola", dialogue.intent)).memory
    assert memory is not None
    pressed = Said("x", dialogue.intent, "task", pressed=True, chosen=(field, value))
    step = run.go_on(memory, pressed)
    assert step.messages
    assert step.memory is None or dialogue.asks_for(step.memory.requested)
