"""How long what is sent by WhatsApp may be, in characters (Meta's Cloud API reference, «Messages»)."""

TEXT = 4096
# A message with buttons: its text, how many buttons, and the text of each.
BODY_WITH_BUTTONS = 1024
BUTTONS = 3
BUTTON_TITLE = 20
