"""What can be asked of the service, on values: made, asked, verified, written, ended. It does not know HTTP.

The control API, the command line and mock servers inside a Python program all end here, so all of them do the same.
"""
