"""Pictures of lesson 00 that stand outside its explorers, or in several."""
