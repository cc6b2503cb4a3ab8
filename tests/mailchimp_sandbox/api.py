"""The endpoints of the Marketing API v3 that the site uses (https://mailchimp.com/developer/marketing/api/).

Importing this module registers them all.
"""

from . import api_account, api_campaigns, api_members
from .routing import dispatch, triggered

__all__ = ["api_account", "api_campaigns", "api_members", "dispatch", "triggered"]
