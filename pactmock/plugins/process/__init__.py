"""Plugins that run: as processes that are started, spoken to, heard, ended; or in this one, where their faults stay."""
