"""Pictures of lesson 08 that stand outside its explorers, or in several."""
