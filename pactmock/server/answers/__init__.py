"""What a mock server sends, made of its pact: answers and messages; and what was decided, with the answer to it.

What stands in an answer that explains why a request did not match is made in `pactmock.reports.json`.
"""
