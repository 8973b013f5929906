"""Guided dialogues: what each asks for is a list of fields; one mechanism runs them all (docs/architecture.md)."""
