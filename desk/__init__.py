"""The citizen service desk: what the staff of the ministry handles for citizens."""
