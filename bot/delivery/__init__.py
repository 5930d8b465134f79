"""From the outbox to Slack: every message at most once on its own, and never silently lost."""
