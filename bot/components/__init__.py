"""Rasa graph components: text normalisation, embedding, the knowledge-base selector."""
