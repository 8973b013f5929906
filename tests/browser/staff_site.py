"""The staff screens alone, running, and a curator's tab in them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

from consultame.command_line.installation import DEMO_PASSWORD
from consultame.settings import PROJECT_DIRECTORY
from tests.running_system import environment_for, free_ports


@contextmanager
def running_site(data_directory: Path) -> Iterator[str]:
    """The address of the web application, alone; the database must have been installed."""
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "uvicorn", "--factory", "admin.application:create_app", "--port", str(port), "--ws", "none"]
    server = subprocess.Popen([sys.executable, *command], env=environment_for(data_directory), cwd=PROJECT_DIRECTORY)
    try:
        _wait_until_it_answers(f"{address}/salud", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def curators_tab(browser: Browser, data_directory: Path) -> Iterator[Page]:
    """A tab at the start page of the demo curator; the database must have been installed."""
    with running_site(data_directory) as address:
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}/personal/")
        page.get_by_label("Correo electrónico").fill("curadora@consultame.example")
        page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Ingresar").click()
        page.get_by_role("button", name="Cerrar sesión").wait_for()
        yield page
        page.close()


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def path_in(page: Page, path: str) -> str:
    """The address of another page of the same site."""
    return page.url.split("/personal/")[0] + path


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        try:
            httpx.get(address, timeout=2, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} never answered")
