"""What the schedule does, a file a job."""
