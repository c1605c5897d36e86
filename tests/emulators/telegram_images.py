"""Uploaded photos: what Telegram asks of them and the sizes it makes."""

import hashlib
import struct
from dataclasses import dataclass

from tests.emulators.telegram_errors import Json, bad

PHOTO_BYTES = 10 * 2**20
_SIDES = 10_000
_RATIO = 20
_SIZES = (90, 320, 800, 1280)
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart body."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file Telegram keeps: every size of a photo is one."""

    file_id: str
    file_unique_id: str
    path: str
    content: bytes
    width: int
    height: int
    upload: str

    def photo_size(self) -> Json:
        """A PhotoSize."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "width": self.width,
            "height": self.height,
            "file_size": len(self.content),
        }


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, None for anything else."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_dimensions(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_dimensions(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None


def photo_sizes(upload: Upload, number: int) -> list[StoredFile]:
    """The sizes of an uploaded photo, smallest first. Raises ApiError.

    The identifiers depend on the content and on ``number``, the upload's place in the run; the
    smaller sizes are described and downloadable but not scaled.
    """
    content = upload.content
    if not content:
        raise bad("file must be non-empty")
    if len(content) > PHOTO_BYTES:
        raise bad(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )
    size = dimensions(content)
    if not size:
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = size
    short, long = sorted(size)
    if not short or width + height > _SIDES or long > _RATIO * short:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    longest = [side for side in _SIZES if side < long] or []
    return [_stored(upload, number, side / long, size) for side in longest] + (
        [] if long > _SIZES[-1] else [_stored(upload, number, 1.0, size)]
    )


def _stored(upload: Upload, number: int, scale: float, size: tuple[int, int]) -> StoredFile:
    width, height = (max(1, round(side * scale)) for side in size)
    digest = hashlib.sha256(upload.content).hexdigest()
    return StoredFile(
        f"AgAC{number:06}-{digest[:24]}-{width}x{height}",
        f"AQAD{number:06}{digest[:10]}{width}",
        f"photos/file_{number}_{width}.jpg",
        upload.content,
        width,
        height,
        upload.name,
    )
