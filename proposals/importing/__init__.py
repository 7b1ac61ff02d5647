"""Proposals from a list or from Word documents: read, compared with the register, shown; written by the actions."""
