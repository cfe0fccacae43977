"""Track what was promised, how far it is, and how we know."""
