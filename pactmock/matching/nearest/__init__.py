"""Which interactions came nearest to a request, looked up instead of comparing with all of a large pact."""
