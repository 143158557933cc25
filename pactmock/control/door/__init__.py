"""The port of the service: messages for the API, and through the gateway for every mock server."""
