"""The reading edition: each lesson as a page of HTML that answers without a kernel."""

from tools.site.reading.writing import write_reading

__all__ = ["write_reading"]
