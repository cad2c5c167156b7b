"""What every command has: the border that turns errors into one line, arguments that are looked at first."""
