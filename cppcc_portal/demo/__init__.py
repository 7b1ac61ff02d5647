"""The demonstration: a district, its people and three years of their proposals, all invented."""
