"""What is answered to commands, in no platform's terms."""
