"""Standard Webhooks: how a message is signed and sent to an endpoint, and when an endpoint is left alone."""
