"""A pact put together with what was written of its pair before: on values, wherever that is kept."""
