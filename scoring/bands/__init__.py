"""Bands: a person's operational posture, with the reasons for it. One file a rule."""
