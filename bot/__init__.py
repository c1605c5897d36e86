"""The service around the engine: command line, settings, and what runs every day."""
