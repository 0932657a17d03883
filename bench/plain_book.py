# SPDX-License-Identifier: MIT
"""A continuous book in 35 lines, without owners, fees, cancels or money: our model's yardstick."""

from collections import defaultdict, deque
from heapq import heappop, heappush


def match(orders: list[tuple[int, bool, int, int]]) -> tuple[int, list[tuple[int, int, int, int]]]:
    """(id, is_offer, price, Wh) → traded Wh and fills (taker, maker, price, Wh)."""
    queues: tuple[defaultdict[int, deque[list[int]]], ...] = (defaultdict(deque), defaultdict(deque))
    heaps: tuple[list[int], list[int]] = ([], [])
    fills = []
    traded = 0
    for number, is_offer, price, left in orders:
        limit = -price if is_offer else price  # bids are negated in their heap
        opposite = queues[not is_offer]
        heap = heaps[not is_offer]
        while left and heap and heap[0] <= limit:
            best = abs(heap[0])
            queue = opposite[best]
            while left and queue:
                maker = queue[0]
                taken = min(left, maker[1])
                fills.append((number, maker[0], best, taken))
                left -= taken
                traded += taken
                maker[1] -= taken
                if not maker[1]:
                    queue.popleft()
            if not queue:
                heappop(heap)
        if left:
            if not queues[is_offer][price]:
                heappush(heaps[is_offer], -limit)
            queues[is_offer][price].append([number, left])
    return traded, fills
