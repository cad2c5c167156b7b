"""Grades answers to the exercises of *Build an LLM Playground*."""

__version__ = "0.4.0"
