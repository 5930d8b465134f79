"""The engine that is not there."""
