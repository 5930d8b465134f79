"""What the command line does, a file a command; ``bot.cli`` names them and imports them late."""
