"""Asking other sites whether what live pages link to is still there: the only calls that leave the machine here."""
