"""Deadlines by Colombian law: business days, terms by kind of request, and the day on which an answer is due."""
