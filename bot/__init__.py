"""The Rasa assistant: configuration, training data, components, channels and actions."""
