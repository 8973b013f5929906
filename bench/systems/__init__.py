"""The systems that are compared, each behind the protocol in `system.py`."""
