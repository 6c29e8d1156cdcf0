"""What is asked: the tables of an instance, read, checked and written."""
