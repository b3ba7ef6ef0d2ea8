"""The encodings 'utf-8+cp1252' and the like: UTF-8, with bytes that are not valid in it read in a code page.

Such files come of exports that were joined without converting them.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


def _codec(name: str) -> codecs.CodecInfo | None:
    """The codec of such a name."""
    # Python makes an underscore of most signs
    found = re.fullmatch(r"utf_8[_+](\w+)", name.replace("-", "_"))
    if found is None:
        return None
    page = found[1]
    b"".decode(page)  # which refuses what is no text encoding
    errors = f"as {codecs.lookup(page).name}"

    def in_page(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(page, "replace"), error.end

    class Decoder(codecs.BufferedIncrementalDecoder):
        """Decodes piece by piece."""

        def _buffer_decode(self, data: Buffer, _: str, final: bool) -> tuple[str, int]:
            return codecs.utf_8_decode(data, errors, final)

    codecs.register_error(errors, in_page)
    return codecs.CodecInfo(
        codecs.utf_8_encode, lambda data, _="strict": codecs.utf_8_decode(data, errors, True), name=name,
        incrementalencoder=codecs.getincrementalencoder("utf-8"), incrementaldecoder=Decoder,
    )  # fmt: skip


codecs.register(_codec)
