"""Who files once more because the acknowledgement was lost gets the first case, and not a second one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.actions.petition import PetitionAction
from bot.dialogues.form_action import MEMORY_SLOT
from consultame.database import read_session, write_session
from consultame.outbox import OutgoingMessage
from desk.cases.filing import file_case
from desk.cases.kinds import CaseKind
from desk.cases.models import Case, RadicadoCounter
from desk.cases.ownership import VerificationCode
from desk.cases.status import CaseStatus, case_status
from tests.at_once import at_once
from tests.unit.case_filings import ANA, MORNING, a_filing, filed
from tests.unit.dialogue_citizen import DialogueCitizen


def counts() -> tuple[int, int, int]:
    """Cases, mails, and the last number given."""
    with read_session() as session:
        return (
            session.scalar(select(func.count(Case.id))) or 0,
            session.scalar(select(func.count(OutgoingMessage.id))) or 0,
            session.scalar(select(RadicadoCounter.last)) or 0,
        )


def test_the_second_try_gives_the_first_case_with_a_code_that_opens_it(any_database: str) -> None:
    first, second = filed(attempt="a1"), filed(attempt="a1", now=MORNING + timedelta(minutes=5))
    assert second == replace(first, repeated=True)
    assert counts() == (1, 1, 1)
    with write_session() as session:
        factor = VerificationCode(second.verification_code)
        status = case_status(session, radicado=second.radicado, factor=factor, sender="web-1", now=MORNING)
    assert isinstance(status, CaseStatus)


def test_twenty_tries_at_once_file_one_case(any_database: str) -> None:
    done = at_once(20, lambda _: filed(attempt="a1"))
    assert {(str(each.radicado), each.verification_code) for each in done} == {
        ("1-2026-000001", done[0].verification_code)
    }
    assert sum(not each.repeated for each in done) == 1
    assert counts() == (1, 1, 1)
    assert str(filed().radicado) == "1-2026-000002"


@pytest.mark.parametrize(
    "changes",
    [
        {"attempt": "a2"},
        {"description": "Pido otra cosa."},
        {"kind": CaseKind.COMPLAINT},
        {"requester": replace(ANA, document="27123456")},
        {"requester": replace(ANA, email="otra@correo.co")},
    ],
)
def test_another_attempt_or_other_content_is_another_case_with_another_code(
    sqlite_database: None, changes: dict[str, Any]
) -> None:
    first, second = filed(attempt="a1"), filed(**{"attempt": "a1"} | changes)
    assert (str(second.radicado), second.repeated) == ("1-2026-000002", False)
    assert first.verification_code != second.verification_code


def test_a_try_that_was_rolled_back_is_filed_by_the_next_one(any_database: str) -> None:
    with pytest.raises(RuntimeError), write_session() as session:
        file_case(session, filing=a_filing(), attempt="a1", now=MORNING)
        raise RuntimeError
    assert filed(attempt="a1").repeated is False
    assert counts() == (1, 1, 1)


def test_neither_attempt_nor_code_is_kept(sqlite_database: None) -> None:
    done = filed(attempt="un-intento-secreto")
    with read_session() as session:
        kept = str(session.execute(text("SELECT * FROM desk_case")).all())
    for secret in ("un-intento-secreto", done.verification_code, done.verification_code.replace("-", "")):
        assert secret not in kept


def at_the_read_back(conversation_id: str = "web-1") -> DialogueCitizen:
    citizen = DialogueCitizen(PetitionAction(), conversation_id=conversation_id)
    citizen.says("quiero poner una queja", "presentar_queja", outcome="task").presses("Sí, autorizo")
    citizen.says("El camión me cobró de más por la pipeta").says(
        "El lunes me pidieron veinte mil pesos más, en mi casa"
    )
    return citizen.presses("Omitir").presses("Anónima")


def loses_the_answer(citizen: DialogueCitizen) -> str:
    """Press «Sí, radicar» and have nothing of what it led to arrive; gives what would have been said."""
    slots, events, offered = dict(citizen.slots), list(citizen.events), citizen.messages
    lost = citizen.presses("Sí, radicar").text
    citizen.slots, citizen.events, citizen.messages = slots, events, offered
    return lost


def test_a_citizen_who_presses_again_is_told_number_and_code_of_the_first_case(any_database: str) -> None:
    citizen = at_the_read_back()
    lost = loses_the_answer(citizen)
    citizen.presses("Sí, radicar")
    assert "no se radicó dos veces" in citizen.text
    assert [line for line in citizen.text.splitlines() if line.startswith("- ")] == [
        line for line in lost.splitlines() if line.startswith("- ")
    ]
    assert counts()[0] == 1
    assert citizen.slots[MEMORY_SLOT] is None


def test_looking_at_the_summary_again_does_not_file_twice_and_a_correction_does(sqlite_database: None) -> None:
    citizen = at_the_read_back()
    loses_the_answer(citizen)
    citizen.says("cambiar algo").says("no").presses("Sí, radicar")
    assert counts()[0] == 1
    corrected = at_the_read_back("web-2")
    loses_the_answer(corrected)
    corrected.says("cambiar los hechos").says("Fue el martes y me pidieron treinta mil pesos más").presses(
        "Sí, radicar"
    )
    assert counts()[0] == 3


def test_the_same_words_in_another_conversation_or_another_dialogue_are_another_case(sqlite_database: None) -> None:
    for conversation in ("web-1", "web-1", "web-2"):
        at_the_read_back(conversation).presses("Sí, radicar")
    assert counts()[0] == 3
