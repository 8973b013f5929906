"""A real Chromium for the browser tests, and a page with the widget in it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.widget_page import DESKTOP, Channel, ChannelHandler, SiteHandler, Visit, serving


# Playwright's synchronous interface keeps an event loop running, beside which no asynchronous test can run: it ends
# with each module.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM_PATH names, else the system's, else Playwright's own."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def site(channel: Channel) -> Iterator[str]:
    for api in serving(ChannelHandler, channel=channel):
        yield from serving(SiteHandler, api=f"{api}/chat")


@pytest.fixture
def visit(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The page at 1280 × 800. At the end nothing may have been complained of, but what a test took from the list."""
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"
    )
    page = context.new_page()
    visit = Visit(page, [])
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.set_default_timeout(8000)
    page.goto(site)
    yield visit
    context.close()
    # The browser itself reports the refusals that a test asked the server for.
    assert [text for text in visit.complaints if not text.startswith("Failed to load resource")] == []
