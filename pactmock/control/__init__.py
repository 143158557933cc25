"""The control API over HTTP: routes, handlers, who may call, and the gateway (docs/control-api.md)."""

from pactmock.control.late_certificates import late_certificates

with late_certificates():
    import aiohttp as aiohttp
