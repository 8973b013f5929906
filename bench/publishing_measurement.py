"""One number of entries: the system started, changes approved and published in it, citizens writing meanwhile."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from sqlalchemy.orm import Session

from bench.progress import Steps
from bench.publishing_measures import Change, Measured, Stock, UnderLoad
from bench.server_process import SERVER_ENVIRONMENT, free_port, run_timed
from bench.split import Corpus, Sources, thinned
from bench.steady_load import SteadyLoad
from bench.systems.consultame import UNLIMITED, write_topics
from bench.systems.stock_rasa import StockRasa
from bench.systems.system import SystemFailed
from consultame.command_line.installation import DEMO_ACCOUNTS, DEMO_PASSWORD, install
from consultame.database import read_session, write_session
from consultame.processes import RunningProcess, process_environment, process_plans, stop_all
from consultame.settings import Settings, load_settings
from consultame.staff import Role, StaffMember, staff_member_by_email
from kb.acceptance import AcceptanceRefused, accept_findings
from kb.entries import EntryText, approve, approved_versions, submit_for_review, write_new_version
from kb.exchange import load_first_knowledge_base
from kb.models import EntryVersion
from kb.publishing import latest_publications
from kb.releases import live_release_identity

POLL_SECONDS = 0.05
GIVE_UP_SECONDS = 1800
QUIET_SECONDS = 10.0
ASKED = 200


class PublishingMeasurement:
    """Measures in a folder of its own, which takes database, models and logs."""

    def __init__(self, sources: Sources, folder: Path, steps: Steps, *, repeat: int) -> None:
        self._sources, self._folder, self._steps, self._repeat = sources, folder, steps, repeat
        self._corpus = Corpus(sources.topics, sources.intents, sources.ambiguous)
        self._changed = 0
        self.measured = Measured(len(self._corpus.entries), len(self._corpus.labelled()))

    def run(self) -> None:
        """Everything of ours; what fails is noted and the rest left out."""
        os.environ |= self._environment()
        load_settings.cache_clear()
        settings = load_settings()
        try:
            self._publish_first()
            with self._running(settings), _Staff(settings) as staff:
                self._time_changes(staff)
                self._time_rollback(staff)
                self._load_during_a_publication(staff)
        except SystemFailed as failure:
            self.measured.problem = str(failure)

    def train_stock(self, epochs: int, all_epochs: int, share: int) -> None:
        """`rasa train` of the stock assistant: whole, or with few epochs and one, from which the rest follows."""
        sources = thinned(self._sources, share) if share > 1 else self._sources
        corpus = Corpus(sources.topics, sources.intents, sources.ambiguous)
        seconds = self._train_stock(corpus, epochs)
        extrapolated = seconds
        if epochs < all_epochs:
            each = (seconds - self._train_stock(corpus, 1)) / (epochs - 1)
            extrapolated = seconds + (all_epochs - epochs) * each
        self.measured.stock = Stock(epochs, seconds, extrapolated, share)

    def _train_stock(self, corpus: Corpus, epochs: int) -> float:
        with self._steps.step(f"stock Rasa: {epochs} epochs"):
            return StockRasa("rasa", "memory", epochs=epochs).train(corpus, self._folder / f"stock-{epochs}")

    def _environment(self) -> dict[str, str]:
        data = self._folder / "var"
        admin, rasa, actions = free_port(), free_port(), free_port()
        return {
            "CONSULTAME_ENVIRONMENT": "development",
            "CONSULTAME_SECRET_KEY": "benchmark" * 8,
            "CONSULTAME_DATA_DIRECTORY": str(data),
            "CONSULTAME_DATABASE_URL": f"sqlite:///{data / 'consultame.db'}",
            "CONSULTAME_MESSAGES_PER_MINUTE": UNLIMITED,
            "CONSULTAME_SESSIONS_PER_MINUTE": UNLIMITED,
            "CONSULTAME_ADMIN_PORT": str(admin),
            "CONSULTAME_RASA_PORT": str(rasa),
            "CONSULTAME_ACTIONS_PORT": str(actions),
        }

    def _publish_first(self) -> None:
        """The entries into a fresh database, then `consultame train` as after an installation."""
        write_topics(self._corpus, self._folder / "entries")
        with self._steps.step(f"{self.measured.entries} entries: seeding"):
            install()
            with write_session() as session:
                load_first_knowledge_base(session, self._folder / "entries")
        with self._steps.step(f"{self.measured.entries} entries: first publication"):
            train = [sys.executable, "-m", "consultame", "train"]
            environment = os.environ | SERVER_ENVIRONMENT
            started = time.monotonic()
            try:
                run_timed("first-publication", train, environment, self._folder)
            except SystemFailed as failure:
                self._accept_what_the_gate_found(failure)
            self.measured.first_publication = time.monotonic() - started

    def _accept_what_the_gate_found(self, failure: SystemFailed) -> None:
        """As an administrator may: of a thousand generated entries some are too alike for their own questions."""
        with read_session() as session:
            administrator = _account(session, Role.ADMIN)
            publications = latest_publications(session, 1)
            found = [finding for publication in publications for finding in publication.findings if finding.blocking]
        try:
            accept_findings(publications[0].id, by=administrator, reason="Entradas generadas para medir.")
        except (AcceptanceRefused, IndexError):
            raise failure from None
        self.measured.findings_accepted = len(found)

    @contextmanager
    def _running(self, settings: Settings) -> Iterator[None]:
        with write_session() as session:
            identity = live_release_identity(session)
        if identity is None:
            raise SystemFailed("the first publication put nothing into service")
        running: list[RunningProcess] = []
        try:
            with self._steps.step("the four processes start"):
                for plan in process_plans(settings, worker_answers=lambda: True, model=identity[1]):
                    running.append(RunningProcess(plan, process_environment(settings), self._folder / "logs"))
                for process in running:
                    process.wait_until_it_answers(settings.startup_timeout_seconds)
            yield
        finally:
            stop_all(running)

    def _time_changes(self, staff: "_Staff") -> None:
        for number in range(self._repeat):
            # The worker makes a process of the bot ready meanwhile, as it does between publications of a working day.
            time.sleep(QUIET_SECONDS)
            with self._steps.step(f"publication of a changed entry, {number + 1} of {self._repeat}"):
                self.measured.with_training.append(staff.publish(self._approve_one_question_less))
        for number in range(self._repeat):
            with self._steps.step(f"publication of an edited answer, {number + 1} of {self._repeat}"):
                self.measured.answers_only.append(staff.publish(self._approve_another_answer))

    def _time_rollback(self, staff: "_Staff") -> None:
        with self._steps.step("rollback"):
            self.measured.rollback = staff.roll_back(staff.first_release)

    def _load_during_a_publication(self, staff: "_Staff") -> None:
        questions = [q for entry in self._corpus.entries for q in entry.questions_es[:2]][:ASKED]
        load = SteadyLoad(staff.web_channel, questions)
        moments: list[float] = []

        def publish() -> None:
            time.sleep(QUIET_SECONDS)
            moments.append(time.monotonic())
            change = staff.publish(self._approve_one_question_less)
            moments.append(moments[0] + change.live)
            moments.append(moments[0] + change.answering)
            time.sleep(QUIET_SECONDS)

        with self._steps.step("publication under 10 messages a second"):
            load.during(publish)
        began, live, answering = moments
        self.measured.under_load = UnderLoad(
            sent=len(load.said),
            problems=load.problems,
            usual_ms=load.usual_seconds(until=began) * 1000,
            longest_while_training_ms=load.longest_seconds(began, live) * 1000,
            # What was due shortly before the model was exchanged is answered by it, or held up by it.
            longest_while_promoting_ms=load.longest_seconds(live - 1, answering + QUIET_SECONDS) * 1000,
        )

    def _approve_one_question_less(self) -> None:
        """Another entry at each call, so that each publication trains."""

        def changed(text: EntryText) -> EntryText:
            return replace(text, questions_es=text.questions_es[:-1])

        self._approve(changed)

    def _approve_another_answer(self) -> None:
        def changed(text: EntryText) -> EntryText:
            return replace(text, answer_es=f"{text.answer_es} ({self._changed})")

        self._approve(changed)

    def _approve(self, changed: Callable[[EntryText], EntryText]) -> None:
        with write_session() as session:
            curator, approver = _account(session, Role.CURATOR), _account(session, Role.APPROVER)
            version = self._next_with_enough_questions(approved_versions(session))
            text = changed(EntryText.of(version))
            new = write_new_version(session, entry=version.entry, text=text, author=curator)
            submit_for_review(session, new, by=curator)
            approve(session, new, by=approver)

    def _next_with_enough_questions(self, versions: list[EntryVersion]) -> EntryVersion:
        many = [version for version in versions if len(version.questions_es) > 8]
        self._changed += 1
        return many[(self._changed * 7) % len(many)]


def _account(session: Session, role: Role) -> StaffMember:
    member = staff_member_by_email(session, _address(role))
    assert member is not None
    return member


def _address(role: Role) -> str:
    return next(account.email for account in DEMO_ACCOUNTS if account.role is role)


class _Staff:
    """Somebody at the staff screens of the running system, and the watch on what follows."""

    def __init__(self, settings: Settings) -> None:
        self.web_channel = f"http://{settings.host}:{settings.rasa_port}/webhooks/web"
        self._browser = httpx.Client(base_url=settings.admin_url, headers={"Origin": settings.admin_url}, timeout=60,
                                     trust_env=False)  # fmt: skip

    def __enter__(self) -> "_Staff":
        form = {"email": _address(Role.APPROVER), "password": DEMO_PASSWORD}
        self._expect(self._browser.post("/personal/ingresar", data=form))
        self.first_release = self._live()[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()

    def publish(self, approve_something: Callable[[], None]) -> Change:
        """Approve and press «Publicar»; the clock starts with the approval."""
        former, _ = self._live()
        started = time.monotonic()
        approve_something()
        answer = self._expect(self._browser.post("/personal/publicaciones"))
        page = answer.headers["location"]
        self._wait(lambda: self._is_live_after(former, page))
        live = time.monotonic() - started
        self._wait(self._rasa_answers_with_it)
        return Change(live, time.monotonic() - started)

    def roll_back(self, release: int) -> float:
        """Press «Volver a la versión»; returns the seconds until Rasa answers with its model."""
        started = time.monotonic()
        self._expect(self._browser.post(f"/personal/publicaciones/versiones/{release}/reponer"))
        self._wait(self._rasa_answers_with_it)
        return time.monotonic() - started

    def _is_live_after(self, former: int, page: str) -> bool:
        if self._live()[0] != former:
            return True
        if "outcome-failed" in self._browser.get(page).text:
            raise SystemFailed(f"the publication failed: {page}")
        return False

    def _rasa_answers_with_it(self) -> bool:
        status = httpx.get(f"{self.web_channel}/status", timeout=60, trust_env=False).json()
        return bool(status.get("model") == self._live()[1])

    def _live(self) -> tuple[int, str]:
        body = self._browser.get("/salud").json()
        return body["release"], body["model"]

    def _wait(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while not is_so():
            if time.monotonic() > deadline:
                raise SystemFailed(f"nothing followed within {GIVE_UP_SECONDS} s")
            time.sleep(POLL_SECONDS)

    @staticmethod
    def _expect(answer: httpx.Response) -> httpx.Response:
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise SystemFailed(f"{answer.request.url.path} answered {answer.status_code}")
        return answer
