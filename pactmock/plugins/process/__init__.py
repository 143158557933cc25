"""Plugins that are processes: started, spoken to, heard, ended; nothing of them stays behind."""
