"""Pictures of what was computed, in one graphic language."""
