"""Words that several explorers of lesson 11 share."""
