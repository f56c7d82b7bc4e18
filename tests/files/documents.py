"""Documents for the tests: the sample of the format page, and a way to spoil it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"

SAMPLE = b"""{
"format":"bpstudio.graph",
"version":1,
"minor":0,
"title":"(x+y)*z",
"graph":{
"gates":[
{"id":"f","kind":"multiply","pos":[320.0,100.0]},
{"id":"q","kind":"add","pos":[160.0,40.0]},
{"id":"x","kind":"input","pos":[0.0,0.0],"params":{"value":-2.0},"label":"x"}
],
"wires":[
{"id":"w1","from":"x","to":["q","x"]},
{"id":"w3","from":"q","to":["f","x"]}
],
"groups":[],
"seeds":{}
},
"notes":[],
"view":{"zoom":1.0,"center":[0.0,0.0]},
"ext":{}
}
"""


def spoiled(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The sample after `change` has worked on its decoded form."""
    document = json.loads(SAMPLE)
    change(document)
    return json.dumps(document).encode()
