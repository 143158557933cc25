"""Why a request did or did not match, as values that are made once and shown everywhere."""
