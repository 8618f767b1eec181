"""Kinds of files: the table of them, their detection, and what of them is harmless."""

from conversations.files.kinds.detection import sniff
from conversations.files.kinds.endings import harmless_name, is_program, served_type
from conversations.files.kinds.table import ENDINGS, RAW, SAFE_DOCUMENTS, UNKNOWN, Sniffed, row_of
from conversations.files.kinds.types import AUDIO, DOCUMENT, IMAGE, VIDEO, FileType

__all__ = [
    "AUDIO",
    "DOCUMENT",
    "ENDINGS",
    "IMAGE",
    "RAW",
    "SAFE_DOCUMENTS",
    "UNKNOWN",
    "VIDEO",
    "FileType",
    "Sniffed",
    "harmless_name",
    "is_program",
    "row_of",
    "served_type",
    "sniff",
]
