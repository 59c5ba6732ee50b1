"""Pictures of lesson 07 that several explorers share."""
