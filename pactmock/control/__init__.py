"""The control API: mock servers made, asked, written and ended over HTTP."""
