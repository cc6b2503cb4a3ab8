"""The stand-in for Mailchimp keeps the real service's rules. Asked over HTTP, with the real client."""
