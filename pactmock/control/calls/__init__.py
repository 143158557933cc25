"""What a call of the control API is: who may make it, what it takes, how it is answered, whoever has read it.

Which calls there are, `pactmock.control.routes` says; their handlers are in the modules beside that
(docs/adding-a-call.md).
"""
