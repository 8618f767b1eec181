"""Pixels: whatever colours an image is stored in, as the eight bits a channel that screens show."""

import io
from typing import Any

from PIL import Image, ImageCms

LONGEST_PROFILE = 4 * 1024 * 1024
"""Bytes of a colour profile that is applied at all."""
_WHITE = 255
_EIGHT_BITS = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "LAB"})
_WHITE_OF_16 = 65_535


def eight_bit(image: Image.Image) -> Image.Image:
    """Return the image in a mode of eight bits a channel that can be made smaller smoothly."""
    if image.mode in _EIGHT_BITS and "transparency" not in image.info:
        return image
    if image.mode[0] in {"I", "F"}:
        return _levelled(image)
    if image.mode in {"1", "L"} and "transparency" not in image.info:
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def plain(image: Image.Image) -> Image.Image:
    """Return a copy in L, RGB or RGBA, in the colours of screens, with pixels and no metadata."""
    profile = image.info.get("icc_profile")
    image = eight_bit(image)
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    shown = _in_screen_colours(image, profile)
    copy = shown.copy() if shown is image else shown
    if alpha is not None:
        copy = copy.convert("RGB")
        copy.putalpha(alpha)
    copy.info = {}
    return copy


def opaque(image: Image.Image) -> Image.Image:
    """Return the image on white where it lets something through."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def is_opaque(image: Image.Image) -> bool:
    """Return whether an image in RGBA lets nothing through."""
    lowest, _highest = image.getchannel("A").getextrema()
    return lowest == _WHITE


def _levelled(image: Image.Image) -> Image.Image:
    """Return greys of more than eight bits as such of eight, none of them cut off."""
    levels = image if image.mode in {"I", "F"} else image.convert("I")
    low, high = _extrema(levels)
    if image.mode.startswith("I;16"):
        low, high = 0, _WHITE_OF_16
    elif low >= 0 and high <= _WHITE:
        low, high = 0, _WHITE
    scale = _WHITE / ((high - low) or 1)
    return levels.convert("F").point(lambda level: level * scale - low * scale).convert("L")


def _extrema(image: Image.Image) -> tuple[float, float]:
    found: Any = image.getextrema()
    return float(found[0]), float(found[1])


def _in_screen_colours(image: Image.Image, profile: Any) -> Image.Image:
    """Return the image in sRGB by its profile; one that is broken counts for nothing."""
    bare = {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)
    source = image if bare == image.mode else image.convert(bare)
    try:
        return _by_profile(source, profile)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return source if bare in {"L", "RGB"} else source.convert("RGB")


def _by_profile(image: Image.Image, profile: Any) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        lab: Any = ImageCms.createProfile("LAB")
        return _converted(image, lab, target)
    if not isinstance(profile, bytes) or not 0 < len(profile) <= LONGEST_PROFILE:
        raise ValueError
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if image.mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(source):
        return image
    return _converted(image, source, target)


def _converted(image: Image.Image, source: Any, target: Any) -> Image.Image:
    made = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    if made is None:
        raise ValueError
    return made
