"""The way with the fewest arcs from a shipment's origin to its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.network.design import Design


def way_of(design: Design, k: int, there: NDArray[np.bool_]) -> list[int]:
    """Return the arcs of a way with the fewest arcs, none if the target is out of reach."""
    start, end = int(design.origin[k]), int(design.target[k])
    came: dict[int, int] = {start: -1}
    front = [start]
    arcs = np.flatnonzero(there).tolist()
    while front and end not in came:
        ahead = []
        for arc in arcs:
            tail, head = int(design.tail[arc]), int(design.head[arc])
            if tail in front and head not in came:
                came[head] = arc
                ahead.append(head)
        front = ahead
    if end not in came:
        return []
    path = []
    while (arc := came[end]) >= 0:
        path.append(arc)
        end = int(design.tail[arc])
    return path[::-1]
