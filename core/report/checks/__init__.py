"""What is checked in a draft, one kind of fault a module; texts in, (fault, detail) pairs out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault's name, one of ``verify.FAULTS``, and what exactly was found."""

    name: str
    detail: str
