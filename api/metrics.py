# SPDX-License-Identifier: MIT
"""Prometheus figures of one worker, at /metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """Routes are named by their template, so that no account shows here."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter(
            "wattbook_api_requests_total", "Requests answered", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "wattbook_api_seconds",
            "Seconds an answer took",
            ("route",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._block = Gauge("wattbook_api_indexed_block", "Newest indexed block", registry=self._registry)
        self._waiting = Gauge(
            "wattbook_api_relay_rows", "Rows in the relay's queue", ("state",), registry=self._registry
        )

    def note(self, method: str, route: str, status: int, nanoseconds: int) -> None:
        """One request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(nanoseconds / 1e9)

    def expose(self, block: int, waiting: dict[str, int]) -> bytes:
        """The text that Prometheus reads."""
        self._block.set(block)
        for state in ("accepted", "batched"):
            self._waiting.labels(state).set(waiting.get(state, 0))
        return generate_latest(self._registry)
