"""Juniper & Vale: a made-up company with eight weeks of history, the same for the same seed and moment."""
