"""Mobile numbers are known as people write them."""

import pytest

from consultame.phone_numbers import mobile_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3001234567", "+573001234567"),
        (" (300) 123-45.67 ", "+573001234567"),
        ("57 300 123 4567", "+573001234567"),
        ("+57 300 123 4567", "+573001234567"),
        ("0057 300 1234567", "+573001234567"),
        ("+34 600 123 456", "+34600123456"),
        ("0034600123456", "+34600123456"),
        ("6012200300", None),
        ("+57 601 220 0300", None),
        ("300 123 456", None),
        ("30012345678", None),
        ("+1234", None),
        ("٣٠٠١٢٣٤٥٦٧", None),
        ("", None),
    ],
)
def test_a_mobile_number_is_known_in_every_usual_form(typed: str, number: str | None) -> None:
    assert mobile_number(typed) == number
