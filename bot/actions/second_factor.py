"""What proves that a case is one's own, as citizens write it: the code, or the document's end and the e-mail's ends."""

import re
from itertools import pairwise

from bot.dialogues.fields import Answer
from desk.cases.ownership import CODE_LENGTH, OwnerData, OwnershipFactor, VerificationCode

_ADDRESS = re.compile(r"([\w.+*-]+)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w.-])@?([a-z0-9-]+(?:\.[a-z]{2,})+)(?![\w-])", re.IGNORECASE)
_INITIAL = re.compile(r"(?<!\w)([a-z])(?!\w)", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:[.\s]?\d){3,11}")
_CODE_PART = re.compile(r"[A-Za-z0-9]+")
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


def factor_in(text: str) -> Answer | None:
    """The factor as the dialogue keeps it, or None when there is no whole one."""
    return _owner_data_in(text) or _code_in(text)


def ownership_factor(answer: Answer) -> OwnershipFactor:
    """The factor that `factor_in` found, as the case service takes it."""
    if "code" in answer:
        return VerificationCode(answer["code"])
    return OwnerData(answer["document_ending"], answer["email_initial"], answer["email_domain"])


def _owner_data_in(text: str) -> Answer | None:
    address, rest = _ADDRESS.search(text), text
    if address:
        initial, domain, rest = address[1][0], address[2], text[: address.start()] + text[address.end() :]
    elif found := _DOMAIN.search(text):
        domain, rest = found[1], text[: found.start()] + text[found.end() :]
        initials = [each for each in _INITIAL.findall(rest) if each.lower() != "y"] or _INITIAL.findall(rest)
        if not initials:
            return None
        initial = initials[-1]
    else:
        return None
    digits = _DIGITS.findall(rest)
    if not digits:
        return None
    ending = re.sub(r"\D", "", digits[0])[-4:]
    return {"document_ending": ending, "email_initial": initial.lower(), "email_domain": domain.lower()}


def _code_in(text: str) -> Answer | None:
    """Eight letters and figures in one piece or two halves; without vowels, which codes leave out and words have."""
    parts = _CODE_PART.findall(text.upper())
    halves = [first + second for first, second in pairwise(parts) if len(first) == len(second) == CODE_LENGTH // 2]
    whole = [part for part in parts if len(part) == CODE_LENGTH]
    for code in [*whole, *halves]:
        if not code.isdigit() and not _VOWEL.search(code):
            return {"code": code}
    return None
