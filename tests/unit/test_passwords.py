"""Passwords are long and hard to guess; nothing else is asked of them."""

import pytest

from consultame.passwords import PasswordProblem, password_problem, temporary_password


def _problem(password: str) -> PasswordProblem | None:
    return password_problem(password, email="ana.mora@minenergia.example", name="Ana Mora Ríos")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", PasswordProblem.TOO_SHORT),
        ("once letras", PasswordProblem.TOO_SHORT),
        ("x1y2z3" * 50, PasswordProblem.TOO_LONG),
        ("clave de ANA.MORA aquí", PasswordProblem.HOLDS_IDENTITY),
        ("la señora Mora vive lejos", PasswordProblem.HOLDS_IDENTITY),
        ("entre rios y montes", PasswordProblem.HOLDS_IDENTITY),
        ("contraseña123", PasswordProblem.COMMON),
        ("CONTRASENA2026!", PasswordProblem.COMMON),
        ("Colombia2026**", PasswordProblem.COMMON),
        ("2026Ministerio", PasswordProblem.COMMON),
        ("123456789012", PasswordProblem.COMMON),
        ("aaaaaaaaaaaaaaaa", PasswordProblem.COMMON),
        ("abcabcabcabcabc", PasswordProblem.COMMON),
    ],
)
def test_what_is_short_guessable_or_names_the_person_is_refused(password: str, problem: PasswordProblem) -> None:
    assert _problem(password) is problem


@pytest.mark.parametrize(
    "password", ["doce letras!", "el perro verde come lunes", "ñandúes en el páramo", "8f3kq02mvz1x"]
)
def test_any_kind_of_characters_will_do(password: str) -> None:
    assert _problem(password) is None


def test_temporary_passwords_differ_and_are_accepted_whatever_the_name() -> None:
    made = {temporary_password() for _ in range(100)}
    assert len(made) == 100
    assert {_problem(password) for password in made} == {None}
    assert not set("".join(made)) & set("aeiou"), "names have vowels; a password without them cannot hold one"
