"""Answers to what people ask in Slack, a file a subject, from what is already computed.

Each function takes the world and the request, decides at that moment who asks and whether they may, and gives what they
get. They read and write the store, so listeners call them beside the event loop.
"""
