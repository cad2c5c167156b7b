"""What crosses the wall: values, messages, and the interface of whoever answers a check."""
