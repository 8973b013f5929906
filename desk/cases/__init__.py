"""Cases: what citizens file, its number, its deadline, what was done with it, and what may be told of it."""
