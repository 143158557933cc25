"""What a service keeps beyond its mock servers: the pacts that were written. Each holder is beside its protocol."""
