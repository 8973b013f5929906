"""Runs any guided dialogue: from its memory and one message to the next question. Knows neither Rasa nor a service."""

import secrets
from dataclasses import replace

from bot.dialogues import wording
from bot.dialogues.dialogue import CHANGE, CONFIRM, AskAgain, Dialogue, Finish, Finished, Memory, Message, Step
from bot.dialogues.fields import (
    LEFT_OUT,
    Accepted,
    Answer,
    Context,
    Field,
    Leaving,
    Reading,
    Refused,
    Said,
    Style,
    Texts,
    Unfinished,
    filled,
    so_far_of,
)
from bot.dialogues.questions import help_message, question_because, question_message, resumed_question
from bot.dialogues.words import (
    leaves_out,
    looks_like_a_question,
    names,
    plain,
    wants_to_correct,
    wants_to_go_back,
    wants_to_leave,
    yes_or_no,
)
from bot.intents import AMBIGUOUS, CHANGE_LANGUAGE, EMERGENCY, FAQ, FAREWELL, TASKS

ATTEMPTS = 3
# What is not about the field and is answered at once by the rest of the assistant.
_ANSWERED_ASIDE = frozenset({FAQ, "hablar_con_asesor", "es_un_bot", "saludar", "agradecer", CHANGE_LANGUAGE})


class DialogueRun:
    """One dialogue in one conversation, for one message."""

    def __init__(self, dialogue: Dialogue, finish: Finish, context: Context) -> None:
        self._dialogue, self._finish, self._context = dialogue, finish, context

    def begin(self, said: Said) -> Step:
        """The opening and the first question."""
        memory = Memory(requested="", answers={}, opening=said, attempt=secrets.token_hex(16))
        opening = f"{self._text(self._dialogue.opening)} {self._text(wording.HOW_TO_LEAVE)}"
        return self._ask_next(memory, (Message(opening),))

    def resume(self, memory: Memory, said: Said) -> Step:
        """The question again, after something else was answered."""
        danger = said.intent == EMERGENCY
        return Step(memory, (resumed_question(self._dialogue, memory, self._context, after_danger=danger),))

    def go_on(self, memory: Memory, said: Said) -> Step:
        """What the citizen's message makes of the dialogue."""
        field = self._dialogue.field(memory.requested)
        is_free = field is not None and field.style is Style.FREE
        if said.pressed:
            return self._pressed(memory, said)
        if said.intent == EMERGENCY:
            return Step(replace(memory, pending=said.text if is_free else None), digression=True)
        if field is not None and (first := self._read_first(memory, field, said)):
            return first
        if wants_to_leave(said.text, self._dialogue.called):
            return self._leave(wording.LEFT)
        return self._not_leaving(memory, field, said, is_free=is_free)

    def _read_first(self, memory: Memory, field: Field, said: Said) -> Step | None:
        """An answer that goes before the wish to leave."""
        reading = field.read(said, memory.answers, self._context) if field.reads_first else None
        return self._take(memory, field, reading) if isinstance(reading, Accepted | Leaving) else None

    def _not_leaving(self, memory: Memory, field: Field | None, said: Said, *, is_free: bool) -> Step:
        if field is not None and memory.pending is not None and plain(said.text) in wording.INCLUDE.words:
            return self._include(memory, field, said)
        if field is not None and field.optional and leaves_out(said.text):
            return self._accept(memory, field, LEFT_OUT)
        if is_free and field is not None:
            return self._read(memory, field, said)
        return self._written(memory, field, said)

    def _pressed(self, memory: Memory, said: Said) -> Step:
        if said.intent == self._dialogue.intent:
            if said.chosen is not None:
                return self._chosen(memory, said, *said.chosen)
            return Step(memory, (resumed_question(self._dialogue, memory, self._context),))
        return self._aside(memory, said) if self._is_aside(said) else self._no_longer(memory)

    def _written(self, memory: Memory, field: Field | None, said: Said) -> Step:
        if corrected := self._correction(memory, field, said):
            return corrected
        if field is None:
            return self._checked(memory, said)
        if field.style is Style.SHORT and looks_like_a_question(said.text):
            if answer := help_message(field, said, self._context):
                return Step(memory, (answer, resumed_question(self._dialogue, memory, self._context)))
            return self._aside(memory, said)
        return self._read(memory, field, said)

    def _read(self, memory: Memory, field: Field, said: Said) -> Step:
        reading = field.read(said, memory.answers, self._context)
        if isinstance(reading, Refused) and field.style is not Style.FREE:
            if answer := help_message(field, said, self._context):
                return Step(memory, (answer, resumed_question(self._dialogue, memory, self._context)))
            if self._is_aside(said) or said.intent == FAREWELL:
                return self._aside(memory, said)
        return self._take(memory, field, reading)

    def _take(self, memory: Memory, field: Field, reading: Reading) -> Step:
        if isinstance(reading, Leaving):
            return Step(None, (Message(reading.text),))
        if isinstance(reading, Refused):
            return self._fail(memory, reading.reason, repeats_question=False)
        if isinstance(reading, Unfinished):
            return self._ask_on(memory, field, reading)
        return self._accept(memory, field, reading.value, reading.note)

    def _ask_on(self, memory: Memory, field: Field, reading: Unfinished, before: tuple[Message, ...] = ()) -> Step:
        """The rest of an answer."""
        answers = memory.answers | {so_far_of(field.name): reading.so_far}
        on = replace(memory, requested=field.name, answers=answers, failures=0, pending=None)
        return Step(on, (*before, *question_because(self._dialogue, on, self._context, reading.reason, False)))

    def _is_aside(self, said: Said) -> bool:
        is_other_task = said.intent in TASKS and said.intent != self._dialogue.intent
        is_unclear = said.intent == AMBIGUOUS and looks_like_a_question(said.text)
        return said.intent in _ANSWERED_ASIDE or is_other_task or is_unclear

    def _aside(self, memory: Memory, said: Said) -> Step:
        if said.intent == FAREWELL:
            return self._leave(wording.LEFT)
        if not self._is_aside(said):
            return self._fail(memory, self._text(wording.NOT_UNDERSTOOD))
        if said.intent in TASKS and said.intent not in _ANSWERED_ASIDE:
            return self._ask(memory, (Message(self._text(wording.FINISH_FIRST)),))
        return Step(memory, digression=True)

    def _chosen(self, memory: Memory, said: Said, name: str, value: str) -> Step:
        """A button; one of an earlier question changes its answer."""
        if name == CONFIRM or (name == CHANGE and memory.requested not in (CONFIRM, CHANGE)):
            asked = memory.requested in (CONFIRM, CHANGE)
            return self._confirmed(memory, value) if asked else self._no_longer(memory)
        if name == CHANGE:
            field = self._dialogue.field(value)
            return self._ask_for(memory, field) if field else self._no_longer(memory)
        field = self._dialogue.field(name)
        if field is None or (name != memory.requested and name not in memory.answers):
            return self._no_longer(memory)
        if value == wording.INCLUDE.value:
            return self._include(memory, field, said) if memory.pending is not None else self._no_longer(memory)
        if field.optional and value == LEFT_OUT:
            return self._accept(memory, field, LEFT_OUT)
        return self._take(memory, field, field.read(said, memory.answers, self._context))

    def _include(self, memory: Memory, field: Field, said: Said) -> Step:
        """What was taken for an emergency was the answer as well."""
        return self._read(memory, field, replace(said, text=memory.pending or "", chosen=None))

    def _no_longer(self, memory: Memory) -> Step:
        return self._ask(memory, (Message(self._text(wording.NOT_OFFERED)),))

    def _correction(self, memory: Memory, field: Field | None, said: Said) -> Step | None:
        if wants_to_go_back(said.text) and (previous := self._previous(memory)):
            return self._ask_for(memory, previous)
        if not wants_to_correct(said.text):
            return None
        for other in self._answered(memory):
            if other is not field and names(said.text, other.called):
                return self._corrected(memory, other, said)
        if field is None:
            return self._ask(replace(memory, requested=CHANGE))
        return None

    def _corrected(self, memory: Memory, field: Field, said: Said) -> Step:
        """The new value where the message has one, else the question."""
        if field.style is Style.EXACT:
            reading = field.read(said, memory.answers, self._context)
            if isinstance(reading, Accepted) and reading.value != memory.answers[field.name]:
                return self._accept(memory, field, reading.value, reading.note)
            if isinstance(reading, Unfinished):
                return self._ask_on(memory, field, reading)
        return self._ask_for(memory, field)

    def _checked(self, memory: Memory, said: Said) -> Step:
        """An answer to the summary, or to which field is to be changed."""
        if memory.requested == CHANGE:
            for field in self._answered(memory):
                if names(said.text, field.called):
                    return self._ask_for(memory, field)
            if leaves_out(said.text):
                return self._ask_next(memory)
        answer = yes_or_no(said.text)
        if answer is None and said.intent in ("afirmar", "negar"):
            answer = said.intent == "afirmar"
        if answer is None:
            return self._aside(memory, said)
        if memory.requested == CHANGE:
            return self._ask_next(memory)
        return self._confirmed(memory, "yes" if answer else "change")

    def _confirmed(self, memory: Memory, value: str) -> Step:
        if value == "yes":
            return self._complete(memory)
        if value == "cancel":
            return self._leave(wording.LEFT)
        return self._ask(replace(memory, requested=CHANGE))

    def _accept(self, memory: Memory, field: Field, value: Answer, note: str = "") -> Step:
        answers = memory.answers | {field.name: value}
        # A changed answer may make others superfluous.
        kept = {each.name for each in self._dialogue.asked_with(answers)}
        answers = {name: answer for name, answer in answers.items() if name in kept}
        return self._ask_next(replace(memory, answers=answers, pending=None), (Message(note),) if note else ())

    def _ask_next(self, memory: Memory, before: tuple[Message, ...] = ()) -> Step:
        for field in self._dialogue.asked_with(memory.answers):
            if field.name in memory.answers:
                continue
            known = self._from_opening(memory, field)
            if isinstance(known, Accepted):
                told = (*before, Message(known.note)) if known.note else before
                return self._ask_next(replace(memory, answers=memory.answers | {field.name: known.value}), told)
            if isinstance(known, Unfinished):
                return self._ask_on(memory, field, known, before)
            if isinstance(known, Leaving):
                return Step(None, (*before, Message(known.text)))
            if isinstance(known, Refused) and known.about_a_value:
                before = (*before, Message(known.reason))
            return self._ask(replace(memory, requested=field.name, failures=0), before)
        if self._dialogue.reads_back:
            return self._ask(replace(memory, requested=CONFIRM, failures=0), before)
        return self._complete(memory, before)

    def _from_opening(self, memory: Memory, field: Field) -> Reading | None:
        if memory.opening is None or not field.from_opening or memory.opening.pressed:
            return None
        return field.read(memory.opening, memory.answers, self._context)

    def _complete(self, memory: Memory, before: tuple[Message, ...] = ()) -> Step:
        outcome = self._finish(memory.answers, replace(self._context, attempt=memory.attempt))
        if isinstance(outcome, Finished):
            # Where the first message holds all, there is nothing to open.
            return Step(None, outcome.messages)
        return self._again(memory, outcome, before)

    def _again(self, memory: Memory, outcome: AskAgain, before: tuple[Message, ...]) -> Step:
        answers = {name: answer for name, answer in memory.answers.items() if name != outcome.field}
        if outcome.so_far is not None:
            answers |= {so_far_of(outcome.field): outcome.so_far}
        failures = memory.failures + 1 if outcome.counts else 0
        if failures >= ATTEMPTS:
            return self._leave(wording.TOO_MANY_ATTEMPTS)
        # What the opening message said has just been found not to do.
        again = replace(memory, requested=outcome.field, answers=answers, failures=failures, opening=None)
        asked = question_because(self._dialogue, again, self._context, outcome.reason, outcome.repeats_question)
        return Step(again, (*before, *asked))

    def _fail(self, memory: Memory, reason: str, *, repeats_question: bool = True) -> Step:
        failures = memory.failures + 1
        if failures >= ATTEMPTS:
            return self._leave(wording.TOO_MANY_ATTEMPTS)
        again = replace(memory, failures=failures)
        return Step(again, question_because(self._dialogue, again, self._context, reason, repeats_question))

    def _ask_for(self, memory: Memory, field: Field) -> Step:
        return self._ask(replace(memory, requested=field.name, failures=0, pending=None))

    def _ask(self, memory: Memory, before: tuple[Message, ...] = ()) -> Step:
        return Step(memory, (*before, question_message(self._dialogue, memory, self._context)))

    def _leave(self, texts: Texts) -> Step:
        return Step(None, (Message(self._text(texts)),))

    def _text(self, texts: Texts) -> str:
        language = self._context.language
        return filled(texts, language, subject=self._dialogue.subject[language])

    def _answered(self, memory: Memory) -> list[Field]:
        return [each for each in self._dialogue.fields if each.name in memory.answers]

    def _previous(self, memory: Memory) -> Field | None:
        answered = [each for each in self._answered(memory) if each.name != memory.requested]
        return answered[-1] if answered else None
