"""What Rasa loads by module path from endpoints.yml: answers from the published release, in-process actions."""
