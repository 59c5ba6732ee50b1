"""The explorers of lesson 11: what its notebook imports."""
