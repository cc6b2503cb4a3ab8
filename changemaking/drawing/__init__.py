"""The drawing of The Art of Change Making: where everything stands on the sheet, and what a request shows of it."""
