"""What an operator asks of a running installation: status, later doctor, setup, export."""
