"""Makes the embedded models: vocabularies from published packages, weights from training text of its own."""
