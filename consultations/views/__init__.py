"""Pages of topics, research and sessions: guard, form, action, redirect."""
