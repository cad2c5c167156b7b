"""Grades answers to the exercises of *Build an LLM Playground*."""

__version__ = "0.2.0"
