"""Two scorecards of one person's own work: what they learn, and what their work costs and is worth. No comparison with others."""
