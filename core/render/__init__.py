"""Renderings of a Post: pure functions, one file a form."""
