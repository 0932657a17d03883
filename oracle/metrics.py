# SPDX-License-Identifier: MIT
"""Prometheus gauges on a port of their own, if one is set."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, start_http_server

from oracle.journal import Batches, BatchState, Boundaries, Database, LaneState
from wattbook.processes import claim_port

HOST = "127.0.0.1"


class Metrics:
    """`port` None: nobody asks, nothing is counted; 0: any free port."""

    def __init__(self, port: int | None) -> None:
        self.port: int | None = None
        self._registry = CollectorRegistry()
        self._readings = self._gauge("readings", "boundary readings by state", "state")
        self._batches = self._gauge("batches", "signed batches by state", "state")
        self._failing = self._gauge("meters_failing", "meters that failed at their last poll", "fault")
        self._chain = self._gauge("chain_reachable", "1 if the chain answered last time")
        if port is not None:
            claim_port(port, HOST)  # a taken one is an error of ours, with its sentence
            self._server, self._serving = start_http_server(port, HOST, self._registry)
            self.port = int(self._server.server_address[1])

    def update(self, database: Database, failing: Mapping[int, str], chain_reachable: bool) -> None:
        """Reads the journal's counts; does nothing when no port is open."""
        if self.port is None:
            return
        with database.read() as connection:
            readings, batches = Boundaries(connection).counts(), Batches(connection).counts()
        for lane in LaneState:
            self._readings.labels(lane.value).set(readings.get(lane, 0))
        for state in BatchState:
            self._batches.labels(state.value).set(batches.get(state, 0))
        self._failing.clear()
        for fault in failing.values():
            self._failing.labels(fault).inc()
        self._chain.set(int(chain_reachable))

    def close(self) -> None:
        """Stops serving."""
        if self.port is not None:
            self._server.shutdown()
            self._server.server_close()
            self._serving.join()

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"wattbook_oracle_{name}", text, labels, registry=self._registry)
