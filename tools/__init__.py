"""Programs for those who build and test the course; learners need none of them."""
