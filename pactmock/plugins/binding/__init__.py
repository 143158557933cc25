"""Plugins at work for one pact: their rules, comparisons, generators and contents in the shapes of the core."""
