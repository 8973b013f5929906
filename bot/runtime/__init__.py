"""What Rasa loads by module path from endpoints.yml: answers from the published release, in-process actions."""

from bot.runtime.graph_runner import run_graphs_in_order

# Rasa imports this package for its endpoints, before it loads a model.
run_graphs_in_order()
