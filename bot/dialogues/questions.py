"""The question that a dialogue asks now, with its buttons; among them the summary of all answers."""

import json

from bot.dialogues import wording
from bot.dialogues.dialogue import CHANGE, CONFIRM, Dialogue, Memory, Message
from bot.dialogues.fields import LEFT_OUT, Context, Field, Link, Option, Said, filled
from bot.dialogues.words import plain
from bot.intents import FAQ


def question_message(dialogue: Dialogue, memory: Memory, context: Context) -> Message:
    """What is asked for in `memory.requested`, put again in the language that is spoken now."""
    if memory.requested == CONFIRM:
        return _summary(dialogue, memory, context)
    if memory.requested == CHANGE:
        return _which_one(dialogue, memory, context)
    field = dialogue.field(memory.requested)
    if field is None:
        raise LookupError(f"{dialogue.form} has no field {memory.requested}")
    question = field.ask(memory.answers, context)
    options = [*question.options]
    if memory.pending is not None:
        options.insert(0, wording.INCLUDE)
    if field.optional:
        options.append(wording.SKIP)
    buttons = [_button(dialogue, field.name, option, context) for option in options]
    return Message(question.text, (*buttons, *(_link(link, context) for link in question.links)))


def resumed_question(dialogue: Dialogue, memory: Memory, context: Context, *, after_danger: bool = False) -> Message:
    """The question again, after something else was answered."""
    language = context.language
    text = filled(
        wording.RESUMED_AFTER_DANGER if after_danger else wording.RESUMED, language, subject=dialogue.subject[language]
    )
    if memory.pending is not None:
        text = f"{text} {filled(wording.WAS_IT_AN_ANSWER, language)}"
    question = question_message(dialogue, memory, context)
    return Message(f"{text}\n\n{question.text}", question.buttons)


def question_because(
    dialogue: Dialogue, memory: Memory, context: Context, reason: str, repeats_question: bool
) -> tuple[Message, ...]:
    """Why it is asked again, and the question; a reason that says what to write needs only the question's buttons."""
    question = question_message(dialogue, memory, context)
    return (Message(reason), question) if repeats_question else (Message(reason, question.buttons),)


def help_message(field: Field, said: Said, context: Context) -> Message | None:
    """What answers a question about this very field; None when it is none."""
    words = plain(said.text)
    found = next((each for each in field.help if each.asks.search(words)), None)
    if found is None:
        return None
    return Message(filled(found.text, context.language)) if found.text else Message(slug=found.slug)


def retry_button(dialogue: Dialogue, context: Context) -> dict[str, str]:
    """Says «yes» to the summary again, after a service failed."""
    return _button(dialogue, CONFIRM, Option("yes", wording.TRY_AGAIN), context)


def _summary(dialogue: Dialogue, memory: Memory, context: Context) -> Message:
    shown = _shown(dialogue, memory)
    lines = [_line(field, memory, context) for field in shown]
    example = shown[0].label[context.language].lower() if shown else ""
    text = "\n".join([
        filled(wording.SUMMARY, context.language),
        *lines,
        "",
        filled(wording.IS_IT_RIGHT, context.language, example=example),
    ])  # fmt: skip
    options = (
        Option("yes", dialogue.confirm),
        Option("change", wording.CHANGE),
        Option("cancel", wording.LEAVE),
    )
    return Message(text, tuple(_button(dialogue, CONFIRM, option, context) for option in options))


def _line(field: Field, memory: Memory, context: Context) -> str:
    assert field.read_back is not None
    value = field.read_back(memory.answers[field.name], context.language)
    return f"- {field.label[context.language]}: {value}"


def _which_one(dialogue: Dialogue, memory: Memory, context: Context) -> Message:
    options = [Option(field.name, field.label) for field in _shown(dialogue, memory)]
    buttons = tuple(_button(dialogue, CHANGE, option, context) for option in options)
    return Message(filled(wording.WHICH_ONE, context.language), buttons)


def _shown(dialogue: Dialogue, memory: Memory) -> list[Field]:
    answered = [field for field in dialogue.fields if field.name in memory.answers]
    return [field for field in answered if field.read_back and memory.answers[field.name] != LEFT_OUT]


def _button(dialogue: Dialogue, field: str, option: Option, context: Context) -> dict[str, str]:
    """The task's own intent: pressed after the dialogue is over, the button begins it anew."""
    data = json.dumps({"field": field, "value": option.value}, ensure_ascii=False)
    return {"title": option.title[context.language], "payload": f"/{dialogue.intent}{data}"}


def _link(link: Link, context: Context) -> dict[str, str]:
    return {"title": link.title[context.language], "payload": f"/{FAQ}{json.dumps({'slug': link.slug})}"}
