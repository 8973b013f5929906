"""Fill a fresh database with entries, approved and live, and write their training data: run as its own process.

    python -m bench.knowledge_base_seeding ENTRIES_FOLDER BOT_FOLDER

The settings in the environment say which database.
"""

import sys
from pathlib import Path

from consultame.database import write_session
from consultame.migration import migrate_database
from kb.entries import approved_versions
from kb.exchange import load_first_knowledge_base
from kb.releases import make_candidate, promote
from kb.training_data import write_training_data


def seed(entries_folder: Path, bot_folder: Path) -> None:
    """Entries (one YAML file a topic) → database, live release, `data/kb` of the bot."""
    migrate_database()
    with write_session() as session:
        load_first_knowledge_base(session, entries_folder)
    with write_session() as session:
        versions = approved_versions(session)
        write_training_data(versions, bot_folder)
        promote(session, make_candidate(session, versions, model_fingerprint="0" * 32))


if __name__ == "__main__":
    seed(Path(sys.argv[1]), Path(sys.argv[2]))
