"""Appointments: who attends when, which slots are free, holding, booking, changing, reminding, measuring."""
