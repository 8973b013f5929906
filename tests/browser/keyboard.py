"""What somebody does who has a keyboard and no mouse."""

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 80


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, name: str) -> None:
    """Reach the button by Tab and press it."""
    reach(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def tell_the_subject(page: Page, description: str) -> None:
    """Choose «Minería», the third subject, describe what is needed and go on."""
    reach(page, page.get_by_role("radio", name="Hidrocarburos"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Minería")).to_be_checked()
    reach(page, page.get_by_label("Cuéntenos brevemente qué necesita"))
    page.keyboard.type(description)
    press(page, "Continuar")
