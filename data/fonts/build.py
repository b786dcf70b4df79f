"""Packs the typefaces of the report: two weights of Inter, as they are, gzipped."""

import gzip
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from sources import tarball  # noqa: E402

PACKAGE = "@expo-google-fonts/inter"
FACES = {"inter-regular.ttf.gz": "400Regular/Inter_400Regular.ttf", "inter-semibold.ttf.gz": "600SemiBold/Inter_600SemiBold.ttf"}

if __name__ == "__main__":
    archive = tarball(PACKAGE)
    for out, member in FACES.items():
        bytes_ = archive.extractfile(f"package/{member}").read()
        (HERE / out).write_bytes(gzip.compress(bytes_, 9, mtime=0))
        print(f"{out}: {len(bytes_)} bytes unpacked")
    (HERE / "LICENSE").write_bytes(archive.extractfile("package/LICENSE_FONT").read())
