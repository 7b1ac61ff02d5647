"""The member roster as an office really has it: read, understood and planned without a database."""
