"""What a citizen typed, made safe for Rasa, whichever channel it came through."""

import unicodedata


def free_text(typed: str) -> str:
    """The text as one that Rasa can only read as language.

    Rasa takes a message that starts with `/` for a command (`/intent{…}`); control characters and bidirectional marks
    serve nobody here. Line breaks become spaces. The result may be empty.
    """
    normal = unicodedata.normalize("NFC", typed)
    visible = "".join(" " if char.isspace() else char for char in normal if char.isspace() or char.isprintable())
    return " ".join(visible.split()).lstrip("/ ")
