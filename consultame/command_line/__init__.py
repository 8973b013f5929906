"""The `consultame` command."""
