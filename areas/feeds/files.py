"""The files of a feed where the loader reads them itself: in a folder, or in S3 by fsspec."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

from areas.feeds.declared import Feed, header_names, sources_file
from areas.feeds.errors import FeedRefusedError

if TYPE_CHECKING:
    from s3fs import S3FileSystem


# how files of a feed are read: as lines that are what they look like; with a look whether each is JSON; from copies
# in which bytes that are no UTF-8 are replaced
ParseMode = Literal["plain", "checked", "mended"]


@dataclass(frozen=True)
class FeedFile:
    """A file of a feed.

    Args:
        name: relative to the feed's folder.
        etag: changes when its content does.
        size_bytes: of the file.
        is_again: whether this version was ingested before and is to be ingested again.

    """

    name: str
    etag: str
    size_bytes: int
    is_again: bool = False


class FeedFiles:
    """What lies at a feed's location.

    Args:
        feed: whose files.

    """

    def __init__(self, feed: Feed) -> None:
        """Nothing is asked yet."""
        self.feed = feed
        self._s3: S3FileSystem | None = None

    @property
    def s3(self) -> S3FileSystem:
        """The file system of S3; endpoint, region and credentials are found as AWS's own tools find them."""
        if self._s3 is None:
            try:
                import s3fs  # noqa: PLC0415 - only for feeds in S3
            except ImportError as error:
                problem = f"{self.feed.name} lies in S3, but s3fs is not installed ({error})."
                raise FeedRefusedError("feed-unreachable", problem, "Install it with: make install") from error
            # s3fs caches instances by arguments: another endpoint or key in the environment must give another one
            self._s3 = s3fs.S3FileSystem(
                skip_instance_cache=True, use_listings_cache=False, config_kwargs={"retries": {"max_attempts": 3}}
            )
        return self._s3

    def listed(self) -> list[FeedFile]:
        """The files that match the feed's location, by name.

        Raises:
            FeedRefusedError: the place can't be reached.

        """
        if self.feed.is_in_s3:
            with self._translated():
                found = self.s3.glob(self.feed.location, detail=True)
                if not found:
                    self.s3.call_s3("head_bucket", Bucket=self.feed.folder.removeprefix("s3://").split("/")[0])
            files = [
                FeedFile(f"s3://{path}".removeprefix(self.feed.folder), str(info["ETag"]).strip('"'), int(info["size"]))
                for path, info in found.items()
                if info["type"] == "file" and info["size"]
            ]
        else:
            folder = Path(self.feed.folder)
            if not folder.is_dir():
                problem = f"{self.feed.name}: the folder {folder} does not exist."
                raise FeedRefusedError("feed-unreachable", problem, self._where())
            stats = {path: path.stat() for path in folder.glob(self.feed.pattern) if path.is_file()}
            # size and time in place of a hash: hashing every file in each run would cost as much as the whole history
            files = [
                FeedFile(path.relative_to(folder).as_posix(), f"{stat.st_size:x}-{stat.st_mtime_ns:x}", stat.st_size)
                for path, stat in stats.items()
                if stat.st_size
            ]
        return sorted(files, key=lambda file: file.name)

    def write(self, name: str, content: bytes) -> None:
        """Write a file at the feed's location, replacing one of the same name.

        Args:
            name: relative to the feed's folder.
            content: all of it.

        Raises:
            FeedRefusedError: the place can't be reached or written.

        """
        with self._translated():
            self.s3.pipe_file(f"{self.feed.folder}{name}", content)

    def header(self, file: FeedFile) -> list[str]:
        """The names in the first row of a CSV file, in lower case."""
        with self._translated(), self.unpacked(file) as stream:
            text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
            first = next(csv.reader(text), [])
        return header_names(first)

    @contextmanager
    def unpacked(self, file: FeedFile) -> Iterator[IO[bytes]]:
        """The file's bytes as a stream, of a packed one what is in it."""
        with self.s3.open(self.path(file), "rb") if self.feed.is_in_s3 else Path(self.path(file)).open("rb") as stream:
            if file.name.endswith(".gz"):
                with gzip.GzipFile(fileobj=stream) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield stream

    def path(self, file: FeedFile) -> str:
        """Where a file lies, as DuckDB names it."""
        return self.feed.folder + file.name

    def _where(self) -> str:
        return f"Check the location {self.feed.location} in {sources_file(self.feed.area)}" + (
            ", and AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            if self.feed.is_in_s3
            else "."
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what S3 refuses into errors that say what to do."""
        import botocore.exceptions  # noqa: PLC0415 - comes with s3fs

        try:
            yield
        except (OSError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            problem = f"{self.feed.name}: {self.feed.folder} can't be read: {error or type(error).__name__}."
            raise FeedRefusedError("feed-unreachable", problem.replace("..", "."), self._where()) from error
