"""Badges: recognition for a habit, judged over a whole calendar period, once per level and period."""
