"""Drawings the site makes for itself: contour maps, each grown from a page's own slug."""

from core.drawing.contours import DETAIL, SHAPES, SHEET, Shape, Survey, draw_map, is_index, survey

__all__ = ["DETAIL", "SHAPES", "SHEET", "Shape", "Survey", "draw_map", "is_index", "survey"]
