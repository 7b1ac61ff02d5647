"""Measurements of the portal: what is timed, against what, and the table that comes of it."""
