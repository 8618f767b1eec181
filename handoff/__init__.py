"""The floor: control, switch and epoch; agents; handoffs; notifications."""
