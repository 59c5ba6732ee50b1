"""A melody duet: two voices, the rule between them, and how they sound."""
