"""Where papers come from: one file a source, each a core.ports.Source."""
