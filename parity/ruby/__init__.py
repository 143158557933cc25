"""Shows that pactmock answers the clients of the Ruby mock service as that does: scenarios, played on both.

The scenarios (`scenarios/`) were written for this, a file for each part of the API. `python -m parity.ruby` plays them
on the Ruby service, started as clients start it, and on ours, and compares; `--record` notes what the Ruby service
answered (`record/`), so that the tests hold ours against it where there is no Ruby. What ours answers otherwise on
purpose stands with the step, under the name of a difference that docs/ruby-differences.toml explains.

One way through: `reading` -> `Scenario` -> `playing` on a `service`, over the `wire` -> an `answer` a step ->
`comparing` with those of the `record`.
"""
