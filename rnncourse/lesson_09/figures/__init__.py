"""Pictures that several explorers of lesson 09 share."""
