"""What Rasa loads by module path from endpoints.yml: answers from the published release, in-process actions."""

import sys

from threadpoolctl import threadpool_limits

from bot.runtime.action_results import check_results_with_one_validator
from bot.runtime.graph_runner import run_graphs_in_order
from bot.runtime.model_update import update_models_beside_the_running_one

# Rasa imports this package for its endpoints, before it loads a model.
run_graphs_in_order()
update_models_beside_the_running_one()
# The products of one message are so small that threads only wait for one another, the more so on a busy machine.
threadpool_limits(1, user_api="blas")
check_results_with_one_validator()
# The thread that parses messages (bot/channels/parsing_thread.py) waits this long at most for the loop to let it run;
# by Python's own 5 ms it lost what it was to win.
sys.setswitchinterval(0.0005)
