"""What Rasa loads by module path from endpoints.yml: answers from the published release, in-process actions."""

from threadpoolctl import threadpool_limits

from bot.runtime.graph_runner import run_graphs_in_order

# Rasa imports this package for its endpoints, before it loads a model.
run_graphs_in_order()
# The products of one message are so small that threads only wait for one another, the more so on a busy machine.
threadpool_limits(1, user_api="blas")
