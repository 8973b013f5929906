"""Every state of the appointment pages passes axe and fits a screen and a phone; what a citizen does needs no mouse."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from consultame.command_line.installation import DEMO_PASSWORD, install
from consultame.database import now, read_session, write_session
from desk.appointments.attendants import add_absence, attendants, set_active
from desk.appointments.availability import nearest_free
from desk.appointments.booking import Booked, book
from desk.appointments.changes import cancel
from desk.appointments.citizen import Consent
from desk.appointments.links import appointment_path, offer_url
from desk.appointments.models import Appointment, Segment, WaitingPlace, WaitingState
from desk.appointments.timetable import Slot, at_midnight
from desk.appointments.waiting_list import join_waiting_list
from tests.browser.keyboard import press, reach, tell_the_subject
from tests.browser.staff_site import overflows, running_site
from tests.unit.agenda import REQUEST, request_of

Make = Callable[[int, int], Booked]
MINING = replace(REQUEST, segment=Segment.MINING)


@pytest.fixture
def site(data_directory: Path) -> Iterator[str]:
    """The application; one person attends, so that a day is soon full."""
    install()
    with write_session() as session:
        for each in attendants(session):
            set_active(session, each, each.name.startswith("Paola"), now=now())
    with running_site(data_directory) as address:
        yield address


@pytest.fixture
def tab(browser: Browser, site: str) -> Iterator[Page]:
    page = browser.new_page(locale="es-CO", base_url=site)
    page.set_default_timeout(20_000)
    yield page
    page.close()


def slots_of_a_day() -> list[Slot]:
    """The slots of the first day after tomorrow on which all of them are free."""
    moment = now()
    with read_session() as session:
        found = nearest_free(
            session, wish=at_midnight((moment + timedelta(days=3)).date()), count=40, segment=Segment.MINING,
            language="es", now=moment,
        )  # fmt: skip
    by_day: dict[date, list[Slot]] = {}
    for slot in sorted(found):
        by_day.setdefault(slot.day, []).append(slot)
    return next(slots for slots in by_day.values() if len(slots) == 4)


def made(slot: Slot, number: int) -> Booked:
    moment = now()
    request = replace(request_of(number), segment=Segment.MINING, consent=Consent("2026-1", moment))
    with write_session() as session:
        answer = book(session, starts_at=slot.starts_at, holder=f"web-{number}", request=request, now=moment)
    assert isinstance(answer, Booked)
    return answer


def path_of(booked: Booked, page: str = "") -> str:
    with read_session() as session:
        return appointment_path(session.get_one(Appointment, booked.appointment_id).reference, page)


def check(page: Page, name: str, title: str | re.Pattern[str]) -> None:
    """The page is this one, axe finds nothing, it fits; with SCREENSHOTS set a picture of it is kept there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        assert not overflows(page), (name, width)
        found = Axe().run(page).response["violations"]
        assert found == [], (name, width, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found])


def follow(page: Page, link: Locator) -> None:
    """Reach the link by Tab and follow it."""
    reach(page, link)
    page.keyboard.press("Enter")


def test_a_citizen_confirms_changes_and_cancels_with_the_keyboard_alone(tab: Page) -> None:
    booked = made(slots_of_a_day()[0], 1)
    tab.goto(path_of(booked))
    check(tab, "overview", "Su cita virtual")
    follow(tab, tab.get_by_role("link", name="Confirmo que asistiré"))
    check(tab, "confirm", re.compile("Confirm"))
    press(tab, "Confirmo que asistiré")
    expect(tab.get_by_role("status")).to_be_visible()
    check(tab, "confirmed", "Su cita virtual")

    follow(tab, tab.get_by_role("link", name="Cambiar la cita"))
    check(tab, "change", re.compile("Cambi"))
    reach(tab, tab.get_by_role("radio").first)
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_be_visible()
    check(tab, "changed", "Su cita virtual")

    follow(tab, tab.get_by_role("link", name="Cancelar la cita"))
    check(tab, "cancel", re.compile("Cancel"))
    press(tab, "Cancelar la cita")
    expect(tab.get_by_role("status")).to_be_visible()
    check(tab, "cancelled", "Su cita virtual")

    tab.goto(path_of(booked, "confirmar"))
    check(tab, "gone", re.compile("."))
    expect(tab.get_by_role("link", name="Pedir otra cita")).to_be_visible()
    tab.goto(path_of(booked)[:-3] + "abc")
    check(tab, "forged", re.compile("."))
    expect(tab.get_by_role("main")).to_contain_text("El enlace está incompleto o no es válido")


def test_a_citizen_meets_a_taken_slot_waits_and_accepts_an_offer_with_the_keyboard_alone(tab: Page) -> None:
    slots = slots_of_a_day()
    tab.goto("/citas")
    reach(tab, tab.get_by_role("checkbox"))
    tab.keyboard.press("Space")
    press(tab, "Continuar")
    tell_the_subject(tab, "Un título minero")
    day = tab.locator(f'button[value="{slots[0].day}"]')
    reach_day(tab, day)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Elija la hora")
    first = made(slots[0], 1)
    reach(tab, tab.locator("#inicio"))
    tab.keyboard.press("Space")
    press(tab, "Continuar")
    check(tab, "taken", "Elija la hora")
    expect(tab.get_by_role("alert")).to_be_visible()

    for number, slot in enumerate(slots[1:], 2):
        made(slot, number)
    press(tab, "Elegir otro día")
    reach_day(tab, day)
    expect(day).to_have_class(re.compile("full"))
    check(tab, "month-with-full-day", "Elija el día")
    reach_day(tab, day)
    tab.keyboard.press("Enter")
    check(tab, "full-day", re.compile("."))
    press(tab, "Entrar a la lista de espera de este día")
    for text in ("Luz Marina Pérez", "luz@correo.example", "300 123 4567"):
        if text.startswith("Luz"):
            reach(tab, tab.get_by_label("Nombre completo"))
        tab.keyboard.type(text)
        tab.keyboard.press("Tab")
    press(tab, "Continuar")
    check(tab, "waiting-review", re.compile("."))
    tab.get_by_role("button", name=re.compile("lista de espera")).focus()
    tab.keyboard.press("Enter")
    check(tab, "waiting", re.compile("lista de espera"))

    with write_session() as session:
        cancel(session, appointment=session.get_one(Appointment, first.appointment_id), now=now())
    tab.goto(offered_path())
    check(tab, "offer", re.compile("."))
    press(tab, "Aceptar la cita")
    expect(tab.get_by_role("status")).to_be_visible()
    check(tab, "offer-accepted", "Su cita virtual")

    with write_session() as session:
        request = replace(MINING, email="otra@correo.example", consent=Consent("2026-1", now()))
        reference = join_waiting_list(session, day=slots[0].day, request=request, now=now()).reference
    tab.goto(re.sub(r"^https?://[^/]+", "", offer_url(reference)))
    check(tab, "offer-gone", re.compile("."))
    follow(tab, tab.get_by_role("link", name="Pedir otra cita"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Autorización de datos personales")


def reach_day(page: Page, day: Locator) -> None:
    """By Tab into the grid, then by arrows; the month beside it first if the day is not in this one."""
    expect(page.locator("[data-calendar]")).to_be_visible()
    if not day.count():
        is_behind = page.get_by_role("button", name="Mes anterior").count()
        press(page, "Mes anterior" if is_behind else "Mes siguiente")
        expect(day).to_be_visible()
    reach(page, page.locator("[data-calendar] button").first)
    for _ in range(31):
        if day.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError("the arrows do not reach the day")


def offered_path() -> str:
    with read_session() as session:
        place = session.scalars(select(WaitingPlace).where(WaitingPlace.state == WaitingState.OFFERED)).one()
    return re.sub(r"^https?://[^/]+", "", offer_url(place.reference))


def test_the_staffs_pages_about_attendants_and_absences_are_accessible_and_fit(tab: Page) -> None:
    slots = slots_of_a_day()
    booked = made(slots[0], 1)
    made(slots[1], 2)
    with write_session() as session:
        paola = next(each for each in attendants(session) if each.active)
        number = paola.id
        add_absence(
            session, paola, starts_at=slots[1].starts_at, ends_at=slots[1].ends_at, now=now(), note="Cita médica"
        )
    tab.goto("/personal/")
    tab.get_by_label("Correo electrónico").fill("admin@consultame.example")
    tab.get_by_label("Contraseña").fill(DEMO_PASSWORD)
    tab.get_by_role("button", name="Ingresar").click()
    tab.get_by_role("button", name="Cerrar sesión").wait_for()
    whom = f"/personal/agenda/personas/{number}"
    for name, path in {
        "agenda-day": f"/personal/agenda?dia={slots[0].day}",
        "agenda-week": f"/personal/agenda?vista=semana&dia={slots[0].day}",
        "agenda-appointment": f"/personal/agenda/citas/{booked.appointment_id}",
        "people": "/personal/agenda/personas",
        "person": whom,
        "new-person": "/personal/agenda/personas/nueva",
    }.items():
        tab.goto(path)
        check(tab, name, re.compile("."))
    tab.get_by_label("Nombre, como lo lee la ciudadanía").fill("Beatriz Gómez")
    tab.get_by_label("Correo electrónico").fill("andrea@")
    tab.get_by_label("Atiende").first.fill("de 2 a 4")
    tab.locator("form").last.evaluate("form => form.noValidate = true")
    tab.get_by_role("button", name="Agregar").click()
    check(tab, "new-person-refused", "Agregar a quien atiende")
    expect(tab.get_by_role("alert")).to_contain_text("Lunes: escriba «de 2 a 4» como 14:00-16:05")
    tab.goto(whom)
    tab.get_by_role("button", name="Ya no atiende citas").click()
    check(tab, "person-change", "Antes de guardar")
    tab.get_by_role("button", name="Guardar de todas formas").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Paola (ejemplo)")
    check(tab, "person-conflicts", "Paola (ejemplo)")
