"""A stand-in for Slack: it keeps what Slack keeps, refuses what Slack refuses, and plays faults when asked to.

For the demo and the tests; every call goes over real HTTP, through the real client.
"""
