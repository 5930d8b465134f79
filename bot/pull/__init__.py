"""What webhooks missed, fetched from those who keep it: a file a source, each giving portions that can be gone on from."""
