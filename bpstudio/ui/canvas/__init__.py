"""The canvas: arrays, painter, gestures and the widget that joins them."""
