"""The pictures of docs/editor-guide.md, taken from the running site."""
