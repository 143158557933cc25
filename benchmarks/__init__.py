"""How fast pactmock is, as a ratio to its peers in the same run: `make bench`, or `python -m benchmarks --help`.

Figures of different runs, on machines that other work shares, say little. So every workload is played on all peers in
turn, several times over, and what counts is the median of the ratios. All start in a clean environment.
`--old CHECKOUT` plays an older pactmock beside this one: what a change cost.
"""
