"""The reader's choice of text size and contrast; it travels in the address, so that no cookie is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

SIZES = ("", "large", "largest")


@dataclass(frozen=True, slots=True)
class Look:
    """Text of 18, 24 or 30 px, in usual or high contrast."""

    size: str = ""
    contrast: bool = False

    @property
    def classes(self) -> str:
        """Classes of the root element."""
        return " ".join(name for name in (self.size, "contrast" if self.contrast else "") if name)

    @property
    def parameter(self) -> str | None:
        """The value of `look` in an address; None for the usual look."""
        return self.classes.replace(" ", "-") or None

    def with_size(self, size: str) -> Look:
        """The same contrast in another size."""
        return replace(self, size=size)

    def with_contrast(self, contrast: bool) -> Look:
        """The same size in another contrast."""
        return replace(self, contrast=contrast)


def look_of(parameter: str | None) -> Look:
    """The look that an address asks for; the usual one where it says something else."""
    parts = (parameter or "").split("-")
    return Look(size=next((part for part in parts if part in SIZES), ""), contrast="contrast" in parts)
