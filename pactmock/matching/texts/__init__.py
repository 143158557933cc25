"""How values look inside the texts of mismatches and explanations: rendered as the reference does, and cut."""
