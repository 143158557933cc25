"""The plugin protocol: a plugin as a class, its calls as values, and how these become messages of gRPC and back."""
