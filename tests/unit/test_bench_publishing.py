"""What the measurement of publications concludes from what it measured."""

import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps

import pytest

from bench.publishing import main
from bench.publishing_measures import Change, Measured, Stock, UnderLoad, claims
from bench.steady_load import SteadyLoad


def judged(measured: Measured) -> dict[str, bool]:
    return {claim: is_met for claim, _, is_met in claims(measured)}


def test_a_claim_is_judged_by_the_median_and_only_when_it_was_measured() -> None:
    measured = Measured(70, 1000, with_training=[Change(90.0, 95.0), Change(14.0, 16.0), Change(12.0, 14.0)])
    assert judged(measured) == {"approve → live ≤ 15 s": True}
    measured.stock = Stock(epochs=2, seconds=60.0, extrapolated=90.0, share=1)
    assert judged(measured)["≤ 0.15 × stock `rasa train`"] is False
    measured.stock = Stock(epochs=100, seconds=5000.0, extrapolated=5000.0, share=1)
    assert judged(measured)["≤ 0.15 × stock `rasa train`"] is True


def test_the_limit_depends_on_the_number_of_entries() -> None:
    assert judged(Measured(1000, 1, with_training=[Change(59.0, 60.0)])) == {"approve → live ≤ 60 s": True}
    assert judged(Measured(5000, 1, with_training=[Change(59.0, 60.0)])) == {}


def test_one_lost_message_or_a_long_stall_is_not_met() -> None:
    load = UnderLoad(500, ["no answer"], 20.0, 400.0, 700.0)
    assert judged(Measured(70, 1, under_load=load)) == {"no message lost, no error": False, "stall ≤ 500 ms": False}


@pytest.mark.parametrize("sizes", ["7", "many", "70,0"])
def test_a_wrong_number_of_entries_is_refused_with_one_line(
    sizes: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--sizes", sizes])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


class Channel(BaseHTTPRequestHandler):
    """A web channel that loses what it is asked to lose."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if b"lose" in body:
            self.send_error(503)
            return
        answer = dumps({"token": "t", "messages": [] if b"say nothing" in body else [{"text": "hola"}]}).encode()
        self.send_response(201 if self.path.endswith("session") else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def channel() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Channel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(("text", "problem"), [("hola", ""), ("lose", "status 503"), ("say nothing", "no answer")])
def test_the_load_tells_what_went_wrong_with_each_message(text: str, problem: str, channel: str) -> None:
    load = SteadyLoad(channel, [text])
    load.during(lambda: time.sleep(1.5))
    assert len(load.said) > 1
    assert all(said.problem.startswith(problem) and bool(said.problem) == bool(problem) for said in load.said)
