"""The mailing list: sign-up, consent, outbox and the way to Mailchimp. It knows core and no other app."""

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"
