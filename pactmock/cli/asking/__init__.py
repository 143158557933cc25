"""The commands that ask a service which runs somewhere."""
