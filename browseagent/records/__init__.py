"""The records that flow through the program, in the order in which they flow.

A :class:`Page` is what came back from the web, a :class:`Document` is its readable text, a
:class:`Passage` is a scored span of a document, a :class:`Quote` is a span that was found again in
it, and an :class:`Answer` is made of quotes. All are frozen: a step makes a new record and never
changes an old one. Nothing of ours is imported here, and no input or output done.

All offsets are character offsets (Unicode code points) into ``Document.text``, half open.
All times are aware datetimes in UTC.
"""

from browseagent.records.answers import (
    Alternative,
    Answer,
    Answered,
    Coverage,
    ErrorInfo,
    Failed,
    Length,
    Manner,
    ModelInfo,
    NotFound,
    PageReport,
    Point,
    Quote,
    Summary,
    Usage,
)
from browseagent.records.changes import Change, Hunk, Pair
from browseagent.records.documents import (
    Block,
    BlockKind,
    Cell,
    Document,
    Label,
    Link,
    Look,
    Mark,
    Part,
    Passage,
    Post,
)
from browseagent.records.pages import STANDARD_INPUT, Box, Elements, Outcome, Page, Screenshot, Via, route_of

__all__ = [
    "STANDARD_INPUT",
    "Alternative",
    "Answer",
    "Answered",
    "Block",
    "BlockKind",
    "Box",
    "Cell",
    "Change",
    "Coverage",
    "Document",
    "Elements",
    "ErrorInfo",
    "Failed",
    "Hunk",
    "Label",
    "Length",
    "Link",
    "Look",
    "Manner",
    "Mark",
    "ModelInfo",
    "NotFound",
    "Outcome",
    "Page",
    "PageReport",
    "Pair",
    "Part",
    "Passage",
    "Point",
    "Post",
    "Quote",
    "Screenshot",
    "Summary",
    "Usage",
    "Via",
    "route_of",
]
