"""Chat platforms: each renders a Post for its own limits and feeds commands in."""
