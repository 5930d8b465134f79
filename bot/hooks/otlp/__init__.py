"""The OTLP door: what coding agents and other programs report of themselves by OpenTelemetry."""
