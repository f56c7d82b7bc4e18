"""What a graph may hold at most: an edit refuses more, and so does the reading of a file."""

from __future__ import annotations

import re

# \Z, not $: a dollar also matches before a line break at the end.
LEGAL_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
LONGEST_LABEL, LONGEST_NOTE = 200, 20_000
LONGEST_FORMULA = 20_000
"""Characters of one formula text."""
FARTHEST = 1e7
"""Scene pixels from the origin: beyond it, neighbouring pixels are no longer apart on screen."""
FEWEST_SAMPLES, MOST_SAMPLES = 2, 100_000
"""Numbers in one input's batch."""
MOST_KINDS = 1_000
"""Gates of one's own in a graph."""
MOST_DOTS = 64
"""Places that one wire's drawing can be led through."""
