"""Plugins: content types, rules, generators and transports that the core does not know (docs/plugins.md).

A plugin is a value of the class `plugin.Plugin`, be it written in Python and run in this process, or a process of its
own that `grpc_plugin` speaks to. Everything else here is about finding them, running them, and asking them.
"""
