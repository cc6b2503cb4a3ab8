"""Where the stories are: grid references, and the map of the United Kingdom that they are marked on."""
