"""What a call of the control API is: who may make it, what it takes, how it is answered, whoever has read it."""
