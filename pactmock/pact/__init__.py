"""The contract as values, and its files: the ground floor. Nothing here knows HTTP servers or asyncio."""
