"""The water works as equations: pure, seeded, time step as an argument. No I/O."""
