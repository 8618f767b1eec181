"""Pictures of the products, drawn."""

from io import BytesIO

from PIL import Image, ImageDraw

from config.demo.orders.book import Product

SIZE = 320
_GROUND, _DARK, _LIGHT, _SHADE = "#f4f1ea", "#4a4a48", "#ffe9a8", "#2f6f5e"
_GLOW = (90, 60, 230, 200)


def picture(product: Product) -> bytes:
    """Return a PNG of ``product``: the same for the same one."""
    image = Image.new("RGB", (SIZE, SIZE), _GROUND)
    draw = ImageDraw.Draw(image)
    draw.ellipse(_GLOW, fill=_LIGHT)
    {"pendant": _pendant, "floor": _floor, "lantern": _lantern, "table": _table}.get(
        product.shape, _part
    )(draw)
    draw.text((16, SIZE - 28), f"Nordhem · {product.name}", fill=_DARK)
    data = BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()


def _pendant(draw: ImageDraw.ImageDraw) -> None:
    draw.line((160, 0, 160, 80), fill=_DARK, width=4)
    draw.pieslice((70, 70, 250, 250), 180, 360, fill=_SHADE)


def _floor(draw: ImageDraw.ImageDraw) -> None:
    draw.line((160, 120, 160, 270), fill=_DARK, width=8)
    draw.polygon(((110, 130), (210, 130), (190, 60), (130, 60)), fill=_SHADE)
    draw.rectangle((110, 266, 210, 278), fill=_DARK)


def _lantern(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((105, 90, 215, 250), 18, outline=_SHADE, width=12)
    draw.ellipse((140, 145, 180, 185), fill=_LIGHT, outline=_DARK, width=3)
    draw.arc((125, 45, 195, 125), 180, 360, fill=_DARK, width=6)


def _table(draw: ImageDraw.ImageDraw) -> None:
    draw.pieslice((80, 60, 240, 220), 180, 360, fill=_SHADE)
    draw.line((160, 140, 160, 240), fill=_DARK, width=10)
    draw.rounded_rectangle((110, 236, 210, 262), 8, fill=_DARK)


def _part(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((110, 70, 210, 170), fill=_LIGHT, outline=_DARK, width=4)
    draw.rectangle((138, 166, 182, 216), fill=_DARK)
