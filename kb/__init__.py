"""The knowledge base: entries, their versions and review, unanswered questions, publishing."""
