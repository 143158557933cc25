"""What commands show and write: tables, colour, progress, reports."""
