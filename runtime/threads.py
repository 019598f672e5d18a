"""Threads that need not be waited for: a density may loop forever, and its caller can give it up and go on.

Those of a ThreadPoolExecutor are waited for when Python ends; these end with it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import Any

PATIENCE = 0.2  # seconds: how soon Ctrl-C is noticed, and about as long runs compiled code between two looks


class Threads:
    """At most `count` calls at a time run of those submitted, each in a copy of the context of its caller."""

    def __init__(self, count: int, name: str) -> None:
        self._idle = count
        self._name = name
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()

    def submit[T](self, call: Callable[..., T], *arguments: Any) -> Future[T]:
        future: Future[T] = Future()
        context = copy_context()

        def work() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    result = context.run(call, *arguments)
                except BaseException as problem:
                    future.set_exception(problem)
                else:
                    future.set_result(result)

        with self._lock:
            self._waiting.append(work)
            begin = self._idle > 0
            self._idle -= begin
        if begin:
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()
        return future

    def _serve(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._idle += 1
                    return
                work = self._waiting.popleft()
            work()


def awaited[T](call: Callable[[], T], limit: float) -> T:
    """What compiled code returns; Ctrl-C is noticed meanwhile. Raises TimeoutError after `limit` seconds."""
    future = Threads(1, "awaited").submit(call)
    if unfinished([future], limit):
        raise TimeoutError
    return future.result()


def unfinished(futures: Sequence[Future[Any]], limit: float) -> set[Future[Any]]:
    """Wait for all to end, but no longer than `limit` seconds; returns those that have not."""
    end = time.perf_counter() + limit
    while True:
        left = end - time.perf_counter()
        _, pending = wait(futures, max(0.0, min(PATIENCE, left)))
        if not pending or left <= 0:
            return pending
