"""`python -m tools.bench`: what grading costs, here and with what else one could take, in one run on one machine."""
