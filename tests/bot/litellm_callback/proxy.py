"""What a worker of a LiteLLM proxy does with the callback, in a process of its own: it loads the file as LiteLLM does.

Tells of calls by their numbers, as they come in lines on stdin, and answers each line when it has told. The line
``fork`` is told of by a forked process; at the end of the input the worker ends.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys


def main() -> None:
    spec = importlib.util.spec_from_file_location("bandstand_callback", sys.argv[1])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for line in sys.stdin:
        if line == "fork\n":
            if os.fork() == 0:
                tell(module.bandstand, "forked")
                sys.exit()
            os.wait()
        else:
            for number in range(*map(int, line.split())):
                tell(module.bandstand, str(number))
        sys.stdout.write("told\n")
        sys.stdout.flush()


def tell(callback: object, number: str) -> None:
    record = {
        "id": f"call-{number}",
        "status": "success",
        "startTime": 1_780_315_199.0,
        "endTime": 1_780_315_200.0,
        "model": "openai/gpt-4o",
        "prompt_tokens": 90,
        "completion_tokens": 10,
        "messages": "CANARY",
    }
    kwargs = {"standard_logging_object": record}
    asyncio.run(callback.async_log_success_event(kwargs, None, None, None))  # type: ignore[attr-defined]


main()
