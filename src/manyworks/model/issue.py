"""The finding about a document or a result; declared beside the errors that carry it."""

from manyworks.errors import Issue

__all__ = ["Issue"]
