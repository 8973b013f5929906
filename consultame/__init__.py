"""What holds ConsúltaME together: settings, database, staff accounts, masking, jobs, command line."""

from importlib.metadata import version

__version__ = version("consultame")
