"""`python -m pactmock` is the command line."""

from pactmock.cli import main

main(prog_name="pactmock")
