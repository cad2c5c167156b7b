"""What holds for all tests of the kit."""

from hypothesis import settings

# Machines are shared and noisy: how long an example takes says nothing.
settings.register_profile("kit", deadline=None)
settings.load_profile("kit")
