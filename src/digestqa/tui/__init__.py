"""The terminal UI. The one room that imports Textual; only ``digestqa chat`` imports it."""
