"""Replies and reports as text for a person and as JSON for a program."""
