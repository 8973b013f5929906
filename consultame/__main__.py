"""`python -m consultame`."""

from consultame.command_line.application import main

main()
