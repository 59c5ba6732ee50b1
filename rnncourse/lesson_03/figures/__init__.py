"""Pictures of lesson 03 that stand outside its explorers, or in several."""
