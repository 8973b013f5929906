"""Rasa's model graphs run node after node, without the scheduler that Rasa plans each run with anew.

A turn runs three graphs of a handful of nodes in one thread. Rasa builds the part of the graph it needs and hands it to
dask, which orders and schedules it, each time. Here the order is found once for each set of targets.
"""

from typing import Any

import rasa.core.processor
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class OrderedGraphRunner(DaskGraphRunner):
    """Runs the nodes that the targets need, each after those it needs itself."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """See GraphRunner.run."""
        wanted = targets or self._graph_schema.target_names
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plan(tuple(wanted)):
            # A node is told the name alone of what nobody provides, and says so itself.
            results[name] = self._instantiated_nodes[name](*[results.get(need, need) for need in needs])
        return dict(results[name] for name in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        if targets not in self._plans:
            self._plans[targets] = in_order(self._graph_schema, targets)
        return self._plans[targets]


def in_order(schema: GraphSchema, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """The nodes that the targets need, with the names of what each needs, in an order in which they can run."""
    ordered: dict[str, list[str]] = {}

    def visit(name: str) -> None:
        # What is in no node is an input of the run.
        if name in ordered or name not in schema.nodes:
            return
        needs = list(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        ordered[name] = needs

    for target in targets:
        visit(target)
    return list(ordered.items())


def run_graphs_in_order() -> None:
    """Let Rasa's message processor run its graphs this way: it names its runner and gives no setting for it."""
    rasa.core.processor.DaskGraphRunner = OrderedGraphRunner  # type: ignore[attr-defined]
