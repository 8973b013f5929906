"""Trains the assistant of a bot directory, for a model that is only tried out.

python -m bot.trial_run <bot directory> <model archive>
"""

import sys
from pathlib import Path

from bot.assistant_files import AssistantFiles
from bot.publishing_run import train

if __name__ == "__main__":
    train(AssistantFiles(Path(sys.argv[1])), Path(sys.argv[2]))
