"""Radicados are recognised however people write them, and nothing else is."""

import pytest

from desk.radicado import Direction, radicados_in


@pytest.mark.parametrize(
    "written",
    [
        "1-2023-011418",
        "1-2023011418",
        "1 2023 011418",
        "1.2023.011418",
        "1_2023_011418",
        "1, 2023, 011418",
        "1–2023–011418",
        "1—2023—011418",
        "1‑2023‑011418",
        "12023011418",
        "rad. 1-2023-011418",
        "Radicado No.1-2023-011418, gracias",
        "(1-2023-011418)",
        "¿1-2023-011418?",
    ],
)
def test_every_spelling_of_a_radicado_gives_the_hyphenated_form(written: str) -> None:
    assert [str(radicado) for radicado in radicados_in(written)] == ["1-2023-011418"]


@pytest.mark.parametrize(
    "written",
    [
        "3101234567",
        "mi cédula es 1085245678",
        "4-2023-011418",
        "1-2023-01141",
        "1-2023-0114189",
        "1-1823-011418",
        "91-2023-011418",
        "llame al 01 8000 910 180",
        "",
    ],
)
def test_other_numbers_are_not_radicados(written: str) -> None:
    assert radicados_in(written) == []


def test_several_radicados_are_found_once_each_in_their_order() -> None:
    found = radicados_in("respondieron con el 2-2022-008168 al 1-2022-000001, o sea el 2 2022 008168")
    assert [str(radicado) for radicado in found] == ["2-2022-008168", "1-2022-000001"]
    assert found[0].direction is Direction.SENT
    assert found[1].year == 2022
