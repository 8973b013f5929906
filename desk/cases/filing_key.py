"""What makes a filing the same one when it is tried again because its acknowledgement was lost.

Neither the attempt nor the verification code is kept. Both hashes need the server's secret and the attempt, a random
value that only the conversation or the form holds; so the repeat, and nobody else, comes to the same code again, and
the mail with the code stays true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cases.ownership import code_of, keyed_hash
from desk.cases.search_text import searched_document

if TYPE_CHECKING:
    from desk.cases.filing import CaseFiling


def filing_key(attempt: str, filing: CaseFiling) -> str:
    """The same for the same attempt with the same content, whenever it is made; who files something else gets another.

    `attempt` is random, at least 64 bits, and known to whoever files only.
    """
    who = filing.requester
    return keyed_hash(
        "filing-key", attempt, filing.kind, filing.topic.strip(), filing.dependency.strip(), filing.description.strip(),
        who.kind, who.name.strip(), searched_document(who.document), who.email.strip().lower(), who.telephone.strip(),
        who.place_code, *filing.attachments,
    )  # fmt: skip


def code_of_attempt(attempt: str, key: str) -> str:
    """The verification code of the case that was filed with this attempt and key."""
    return code_of(keyed_hash("filing-code", attempt, key))
