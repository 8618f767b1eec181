"""Moving pictures: they keep moving, in their times; a still says that it is one."""

import pytest
from PIL import Image, ImageDraw

from conversations.files import moving
from tests.conversations.looking import alphas, colours, film, is_near, opened, pixel, remade_from
from tests.fakes import files


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_moving_picture_keeps_moving(form: str) -> None:
    data = film(form, colours("red", "lime", "blue"), duration=[40, 700, 300], loop=0)
    remade = remade_from(data)
    assert (remade.is_moving, remade.is_still) == (True, False)
    with opened(remade.data) as image:
        lengths, shown = [], []
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            image.load()
            lengths.append(round(image.info["duration"]))
            shown.append(image.convert("RGB").getpixel((5, 5)))
        assert lengths == [40, 700, 300]
        assert all(map(is_near, shown, [(255, 0, 0), (0, 255, 0), (0, 0, 255)]))
        assert image.info.get("loop") == 0
    assert is_near(pixel(remade.stills[0].data, (5, 5)), (0, 255, 0))


def test_a_picture_that_plays_once_does_so() -> None:
    with opened(remade_from(film("GIF", colours("red", "lime"), duration=90)).data) as image:
        assert "loop" not in image.info


def test_a_frame_without_time_is_shown_as_browsers_show_it() -> None:
    with opened(remade_from(film("GIF", colours("red", "lime"), duration=0)).data) as image:
        assert image.info["duration"] == 100


def test_transparency_of_a_moving_picture_is_kept() -> None:
    frames = []
    for place in (0, 12, 24):
        frame = Image.new("RGBA", (36, 24), (0, 0, 0, 0))
        ImageDraw.Draw(frame).ellipse((place, 0, place + 11, 23), (255, 0, 0, 255))
        frames.append(frame)
    for form in ("GIF", "PNG", "WEBP"):
        data = remade_from(film(form, frames, duration=80, loop=0, disposal=2)).data
        with opened(data) as image:
            image.seek(2)
            assert alphas(image, (5, 12), (30, 12)) == [0, 255], form


def test_a_long_moving_picture_is_shown_with_fewer_frames_in_the_same_time() -> None:
    data = files.moving(moving.MAX_FRAMES + 2, (8, 8))
    remade = remade_from(data)
    with opened(remade.data) as image:
        lengths = []
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            lengths.append(image.info["duration"])
    assert sum(lengths) == 50 * (moving.MAX_FRAMES + 2)
    assert len(lengths) <= moving.MAX_FRAMES / 2 + 1
    assert remade.original == "image/gif"


def test_a_large_moving_picture_is_shown_smaller() -> None:
    remade = remade_from(files.moving(4, (2_400, 2_000)))
    assert remade.is_moving
    assert remade.width * remade.height * 4 <= moving.MAX_PIXELS
    assert abs(remade.width / remade.height - 1.2) < 0.01
    assert remade.original == "image/gif"


def test_a_still_of_a_moving_picture_says_so_and_keeps_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moving, "CPU_SECONDS", -1)
    for form in ("GIF", "PNG", "WEBP"):
        remade = remade_from(files.moving(5, form=form))
        assert (remade.is_moving, remade.is_still) == (False, True)
        assert remade.original == f"image/{form.lower()}"


def test_the_picture_for_those_who_show_no_motion_is_no_frame() -> None:
    frames = colours("red", "lime", "blue")
    remade = remade_from(film("PNG", frames, default_image=True, duration=100))
    with opened(remade.data) as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]
        assert is_near(image.convert("RGB").getpixel((5, 5)), (0, 255, 0))
