"""Images of several kinds, and what Pillow makes of them: resized (BILINEAR) to a few sizes, in colours and in grey.

Run: python3 test/reference/images.py, with Pillow and numpy. Writes test/reference/images/.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).parent / "images"
SIZES = [(8, 8), (40, 30)]
MANY = [(8, 8), (5, 9), (37, 23), (80, 61)]


def photo(width, height):
    """Slopes and a disc, with some noise."""
    y, x = np.mgrid[0:height, 0:width]
    random = np.random.default_rng(7)
    disc = ((x - width / 2) ** 2 + (y - height / 3) ** 2 < (height / 4) ** 2) * 120
    channels = [x * 255 / width, y * 255 / height, 255 - x * 128 / width]
    noisy = np.stack([c + disc + random.normal(0, 12, c.shape) for c in channels], 2)
    return Image.fromarray(noisy.clip(0, 255).astype("uint8"), "RGB")


def main():
    OUT.mkdir(exist_ok=True)
    image = photo(40, 30)
    alpha = image.convert("RGBA")
    alpha.putalpha(Image.fromarray(np.tile(np.linspace(1, 255, 40).astype("uint8"), (30, 1))))
    files = {
        "colours.png": lambda path: image.save(path),
        "grey.png": lambda path: image.convert("L").save(path),
        "palette.png": lambda path: image.quantize(32).save(path),
        "alpha.png": lambda path: alpha.save(path),
        "photo.jpg": lambda path: image.save(path, quality=92, subsampling=0),
        "grey.jpg": lambda path: image.convert("L").save(path, quality=92),
        "progressive.jpg": lambda path: image.save(path, quality=92, progressive=True, subsampling=0),
    }
    expected = {}
    for name, save in files.items():
        save(OUT / name)
        opened = Image.open(OUT / name)
        expected[name] = [
            {
                "size": size,
                "rgb": np.asarray(opened.convert("RGB").resize(size, Image.BILINEAR)).ravel().tolist(),
                "grey": np.asarray(opened.convert("RGB").convert("L").resize(size, Image.BILINEAR)).ravel().tolist(),
            }
            for size in (MANY if name == "colours.png" else SIZES)
        ]
    turned = image.getexif()
    turned[0x0112] = 6
    image.save(OUT / "turned.jpg", quality=92, subsampling=0, exif=turned)
    upright = Image.open(OUT / "turned.jpg").transpose(Image.ROTATE_270)
    expected["turned.jpg"] = [{"size": list(upright.size), "rgb": np.asarray(upright).ravel().tolist(), "grey": np.asarray(upright.convert("L")).ravel().tolist()}]
    (OUT / "expected.json").write_text(json.dumps(expected, separators=(",", ":")))


if __name__ == "__main__":
    main()
