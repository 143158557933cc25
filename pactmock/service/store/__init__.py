"""What a service keeps where others find it: mock servers that many replicas play, and the pacts that were written."""
