"""Opinions of citizens over the web channel of a real Rasa server."""

import httpx

from tests.integration.web_citizen import Citizen, error_of, stored
from tests.running_system import RunningSystem


def test_an_answer_is_rated_once_and_a_thumb_down_brings_its_question_to_the_staff(
    citizen: Citizen, system: RunningSystem
) -> None:
    body = citizen.says("¿Qué requisitos hay que cumplir para el subsidio de la pipeta de gas?")
    rating = body["messages"][-1]["rating"]
    assert rating == {"message_id": body["id"], "helpful": None, "language": "es"}
    for vote in ({"helpful": True}, {"helpful": False}, {"helpful": False, "comment": "llámeme al 3101234567"}):
        answer = citizen.judges("/feedback", {"message_id": body["id"]} | vote)
        assert (answer.status_code, answer.json()) == (200, {"message_id": body["id"], "helpful": vote["helpful"]})
    assert citizen.history()[-1]["rating"] == rating | {"helpful": False}
    assert stored(system, "SELECT helpful, comment FROM kb_feedback") == [(0, "llámeme al [teléfono]")]
    reasons = stored(system, "SELECT reason FROM kb_unanswered_question WHERE message_id = ?", body["id"])
    assert reasons == [("down_voted",)]


def test_the_rating_of_an_english_answer_is_asked_for_in_english_and_other_turns_cannot_be_rated(
    citizen: Citizen, client: httpx.Client
) -> None:
    answered = citizen.says("What are the requirements for the gas cylinder subsidy?")
    assert answered["messages"][-1]["rating"]["language"] == "en"
    for text, farewell in (("hola", False), ("huele a gas en mi casa", False), ("chao", True)):
        body = citizen.says(text)
        assert "rating" not in body["messages"][-1]
        assert body["farewell"] is farewell
        refused = citizen.judges("/feedback", {"message_id": body["id"], "helpful": True})
        assert error_of(refused) == (400, "not_an_answer")
    vote = {"message_id": answered["id"], "helpful": True}
    assert error_of(Citizen(client).judges("/feedback", vote)) == (404, "unknown_message")


def test_a_conversation_is_scored_and_the_score_can_be_changed(citizen: Citizen, system: RunningSystem) -> None:
    for score in (2, 5):
        assert citizen.judges("/satisfaction", {"score": score}).json() == {"score": score}
    assert (5,) in stored(system, "SELECT score FROM kb_satisfaction")
    assert (2,) not in stored(system, "SELECT score FROM kb_satisfaction")


def test_a_judgement_out_of_form_is_refused(citizen: Citizen) -> None:
    vote = {"message_id": "abcdefgh", "helpful": False}
    for route, body, code in (
        ("/feedback", {"helpful": True}, "invalid_id"),
        ("/feedback", vote | {"helpful": "true"}, "invalid_vote"),
        ("/feedback", vote | {"helpful": True, "comment": "bien"}, "invalid_comment"),
        ("/feedback", vote | {"comment": 7}, "invalid_comment"),
        ("/feedback", vote | {"comment": "a" * 501}, "text_too_long"),
        ("/satisfaction", {}, "invalid_score"),
        ("/satisfaction", {"score": 0}, "invalid_score"),
        ("/satisfaction", {"score": 6}, "invalid_score"),
        ("/satisfaction", {"score": 4.0}, "invalid_score"),
        ("/satisfaction", {"score": True}, "invalid_score"),
    ):
        assert error_of(citizen.judges(route, body)) == (400, code), body


def test_judging_too_fast_is_told_to_wait(client: httpx.Client) -> None:
    citizen = Citizen(client)
    statuses = [citizen.judges("/satisfaction", {"score": 3}).status_code for _ in range(30)]
    assert statuses == [200] * 30
    assert error_of(citizen.judges("/satisfaction", {"score": 3})) == (429, "too_many_requests")
    assert error_of(citizen.judges("/feedback", {"message_id": "abcdefgh", "helpful": True}))[0] == 429
