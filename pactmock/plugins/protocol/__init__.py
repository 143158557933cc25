"""The plugin protocol: its calls as values, and how they become messages of gRPC and back."""
