"""Documents on disk: the .bps format and a saver that loses nothing."""
