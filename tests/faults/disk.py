"""A disk that can be filled, made read-only, and cut off from its power.

As root it is a real one: ext4 in a file, mounted for this run. Otherwise it is a folder, and what is full or read-only is what
the kernel lets the processes write (``RLIMIT_FSIZE``): for them a write then fails as on a bad disk.
"""

import fcntl
import os
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

SIZE = 900 << 20
EXT4_SHUTDOWN = 0x8004587D
WITHOUT_LOG = struct.pack("I", 2)  # what was not on the disk yet is gone
Processes = Callable[[], Iterable[psutil.Process]]


def run(*command: str | Path) -> None:
    """One command of the system, which must succeed."""
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def may_mount() -> bool:
    """Whether this run may have a disk of its own; tries it."""
    if os.geteuid() != 0 or not Path("/sys/fs/ext4").exists():
        return False
    try:
        with LoopDisk(size=8 << 20):
            return True
    except (subprocess.CalledProcessError, OSError):
        return False


class LoopDisk:
    """ext4 in a sparse file. ``needs_restart``: after read-only it must be mounted again, so nobody may hold a file on it."""

    name = "ext4 of its own"

    def __init__(self, size: int = SIZE) -> None:
        self.size = size
        self.base = Path(tempfile.mkdtemp(prefix="sf-"))
        self.image, self.path = self.base / "disk.img", self.base / "d"

    def __enter__(self) -> "LoopDisk":
        self.path.mkdir()
        self.base.chmod(0o755)
        with self.image.open("wb") as made:
            made.truncate(self.size)
        run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1", self.image)
        self.mount()
        return self

    def __exit__(self, *_: object) -> None:
        self.unmount()
        run("rm", "-rf", self.base)

    def mount(self) -> None:
        """Again, as after a start of the machine: the journal of the disk is replayed."""
        run("mount", "-o", "loop,errors=remount-ro", self.image, self.path)

    def unmount(self) -> None:
        """Take it away; nobody may use it."""
        for _ in range(100):
            if subprocess.run(["umount", self.path], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        run("umount", self.path)

    def cut_power(self) -> None:
        """Whatever was not forced onto the disk until now is lost."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, EXT4_SHUTDOWN, WITHOUT_LOG)
        finally:
            os.close(folder)

    def fill(self, _processes: Processes) -> None:
        """To the last block."""
        with (self.path / "ballast").open("wb") as ballast:
            left = os.statvfs(self.path)
            os.posix_fallocate(ballast.fileno(), 0, max(1, (left.f_bavail - 64) * left.f_bsize))
            ballast.seek(0, os.SEEK_END)
            with suppress(OSError):
                while True:
                    ballast.write(b"x" * 4096)
                    ballast.flush()
            with suppress(OSError):
                ballast.close()

    def make_room(self, _processes: Processes) -> None:
        """As it was before."""
        (self.path / "ballast").unlink()

    def forbid_writing(self, _processes: Processes) -> None:
        """As the kernel does when a disk begins to fail."""
        found = subprocess.run(
            ["findmnt", "-no", "SOURCE", self.path], capture_output=True, text=True, check=True
        )
        device = found.stdout.strip().rpartition("/")[2]
        Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("1")


class LimitedDisk:
    """A folder; the processes are limited instead."""

    name = "a folder, writes limited by the kernel"

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="sf-")
        self.path = Path(self._kept.name)

    def __enter__(self) -> "LimitedDisk":
        self.path.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.cleanup()

    def fill(self, processes: Processes) -> None:
        """No file grows beyond what the log of the database takes already."""
        limit(processes, 64 << 10)

    def make_room(self, processes: Processes) -> None:
        """As it was before."""
        limit(processes, psutil.RLIM_INFINITY)

    def forbid_writing(self, processes: Processes) -> None:
        """Not one byte."""
        limit(processes, 0)

    allow_writing = make_room


def limit(processes: Processes, size: int) -> None:
    """Let no file of ``processes`` be written beyond ``size`` bytes; twice, for one that is just being born."""
    for _ in range(2):
        for process in processes():
            try:
                _soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
                process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))
            except psutil.NoSuchProcess:
                continue
