"""Custom actions, one module per capability: each a thin adapter between the conversation and a service."""
