"""The HTTP API of the Ruby `pact-mock_service`, so that clients which were written for it work unchanged.

What has to be done is in reference/ruby-api.md, whose sections the modules cite. The floors of this package, from
the ground: `tree` (what is expected, with matchers in it), `reading` and `rules` (how that comes in and goes out),
`matching` (what differs), `session` (what was expected, received and used), and `serving` (the port).
"""
