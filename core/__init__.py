"""The digest engine: from sources to a Post. It knows no chat, no database, no scheduler."""
