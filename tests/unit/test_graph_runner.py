"""A model's graph run in order gives what Rasa's own runner gives, and Rasa's message processor uses it."""

import inspect
from typing import Any
from unittest.mock import Mock

import pytest
import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.runtime.graph_runner import OrderedGraphRunner, in_order


class Adding(GraphComponent):
    """Adds what it is given."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Adding":
        return cls()

    def add(self, left: int, right: int) -> int:
        if left < 0:
            raise ValueError("only what is positive")
        return left + right


def node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Adding, constructor_name="create", fn="add", config={}, eager=True)


# Written so that a node stands before the one it needs.
SCHEMA = GraphSchema({
    "twice": node(left="sum", right="sum"),
    "sum": node(left="first", right="second"),
    "unneeded": node(left="twice", right="nowhere"),
})  # fmt: skip
INPUTS = {"first": 2, "second": 3}


def runner(kind: type[DaskGraphRunner]) -> DaskGraphRunner:
    return kind.create(SCHEMA, Mock(spec=ModelStorage), ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["twice"], ["sum"], ["sum", "twice"]])
def test_a_run_gives_what_rasas_own_runner_gives(targets: list[str]) -> None:
    expected = runner(DaskGraphRunner).run(INPUTS, targets)
    ordered = runner(OrderedGraphRunner)
    assert ordered.run(INPUTS, targets) == expected
    assert ordered.run({"first": 5, "second": 5}, ["twice"]) == {"twice": 20}


def test_only_what_the_targets_need_is_planned_and_each_node_after_its_needs() -> None:
    assert [name for name, _ in in_order(SCHEMA, ("twice",))] == ["sum", "twice"]


def test_an_input_nobody_provides_and_a_failing_node_are_told_as_by_rasa() -> None:
    for kind in (DaskGraphRunner, OrderedGraphRunner):
        with pytest.raises(GraphRunError, match="Missing input"):
            runner(kind).run(INPUTS, ["unneeded"])
        with pytest.raises(Exception, match="Error running graph component for node sum"):
            runner(kind).run({"first": -1, "second": 1}, ["sum"])


def test_rasas_message_processor_loads_models_with_it() -> None:
    assert rasa.core.processor.DaskGraphRunner is OrderedGraphRunner
    loading = inspect.getsource(rasa.core.processor.MessageProcessor._load_model)
    assert "DaskGraphRunner" in loading
