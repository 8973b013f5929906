"""Rasa input channels and what they share."""
