"""The hub takes what the layer's thread hands over, and leaves all else its turn."""

import asyncio

from channels_layer.sockets.hub import Hub


async def test_what_comes_while_it_takes_waits_for_the_next_turn() -> None:
    hub, order = Hub(), list[str]()

    def again(left: int) -> None:
        order.append("handed")
        if left:
            hub._hand_over(again, left - 1)

    hub._hand_over(again, 3)
    while order.count("handed") < 4:
        order.append("turn")
        await asyncio.sleep(0)
    assert [one for one in order if one == "handed"] == ["handed"] * 4
    assert all(
        "turn" in order[place - 1] for place in range(len(order)) if order[place] == "handed"
    )


async def test_it_is_woken_once_for_all_that_comes_meanwhile() -> None:
    hub, taken = Hub(), list[int]()
    for number in range(5):
        hub._hand_over(taken.append, number)
    await asyncio.sleep(0)
    assert taken == [0, 1, 2, 3, 4]
