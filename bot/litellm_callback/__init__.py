"""The callback that LiteLLM proxies load: one file, which runs there and imports nothing of ours."""
