"""The parts of an interaction, each compared as its kind wants it: path, query, headers, metadata.

Bodies are compared a floor above. What lists in all of them share, and what a body of any kind is compared as, is here.
"""
