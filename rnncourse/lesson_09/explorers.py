"""The explorers of lesson 09: what its notebook imports."""
