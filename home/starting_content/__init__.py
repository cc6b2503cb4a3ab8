"""The words that the site starts with: home, beliefs, approach, people, standard pages, as plain data."""
