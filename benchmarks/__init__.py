"""Speed, as ratios measured side by side in one run; the figures of two machines do not compare, the ratios do."""
