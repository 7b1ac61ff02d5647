"""Pages of adoption and the look-back: guard, form, action, redirect."""
