"""Issues of the newsletter as emails: contents, checks, and the way to Mailchimp."""
