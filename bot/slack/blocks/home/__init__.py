"""The Home tab, a file a section: each gives a message of its own, which a sub-command shows too."""
