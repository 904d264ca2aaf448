"""Writes models/triton/*.tar.gz: one repository as Python's tarfile packs it, in each of its formats. Python 3.11.

The model is the first bytes of an ONNX file and no more: the archives show that it is found and handed on whole.
"""

import io
import tarfile
from pathlib import Path

folder = Path(__file__).parent / "models" / "triton"
CONFIG = '''# As Triton's documentation writes them.
name: "digits"
platform: "onnxruntime_onnx"
max_batch_size: 8
input [
  { name: "image" data_type: TYPE_FP32 dims: [ 1, 8, 8 ] },
  {
    name: 'mask'  # one a pixel
    data_type: TYPE_BOOL
    dims: 64
  }
]
output {
  name: "label" "s"
  data_type: TYPE_STRING
  dims: [ -1 ]
}
instance_group [ { count: 1 kind: KIND_CPU } ]
parameters: { key: "note" value: { string_value: "a \\"quoted\\" text" } };
'''
FILES = {
    "digits/config.pbtxt": CONFIG.encode(),
    "digits/1/model.onnx": b"\x08\x08\x12\x07pytorch, the first",
    "digits/12/model.onnx": b"\x08\x08\x12\x07pytorch, the latest",
    f"digits/12/{'weights-' * 14}.data": bytes(700),
    "digits/12/größe.data": b"1",
}

folder.mkdir(parents=True, exist_ok=True)
for name, form in {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}.items():
    with tarfile.open(folder / f"repository-{name}.tar.gz", "w:gz", format=form) as archive:
        for path, content in FILES.items():
            if path.count("/") == 1:
                entry = tarfile.TarInfo("digits")
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            # The ustar format takes no name of more than 100 letters without a folder.
            if form == tarfile.USTAR_FORMAT and len(path) > 100:
                path = path.replace("weights-" * 14, "weights")
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
