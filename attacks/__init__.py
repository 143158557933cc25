"""Attacks on a running service: each is a program that once fooled it, hung it or filled it (`make attacks`).

Everything here knows the service from outside only: sockets, HTTP, signals, /proc.
"""
