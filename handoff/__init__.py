"""Who has the floor: control, switch, epoch; agents; the queue of people waiting."""
