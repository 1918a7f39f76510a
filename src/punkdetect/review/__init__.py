"""Correcting labels by hand: the label file, what a person decides, and the page's own server.

Everything is saved at once. Knows tables, galleries and label files; knows nothing of detectors or commands.
"""
