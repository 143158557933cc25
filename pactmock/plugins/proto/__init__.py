"""The plugin protocol on the wire: both interface versions, and the classes that protoc makes of them.

`make proto` makes the classes anew. Only `pactmock.plugins.protocol` and what speaks gRPC with it use them.
"""
