"""What Paperround remembers: papers, editions, subscriptions, deliveries."""
