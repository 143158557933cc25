"""The plugin protocol on the wire: both interface versions, and the classes that protoc makes of them.

`make proto` makes the classes anew. Only `pactmock.plugins.translation` and its neighbours that speak gRPC use them.
"""
