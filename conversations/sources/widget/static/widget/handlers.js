/* What each event of a conversation does in the widget; one that is not named does nothing. */

/** Return the handlers by the events' types; ``receive``, ``change`` and ``drop`` are the widget's own. */
export function handlersOf(widget, { receive, change, drop }) {
  const { bridge } = widget;
  const here = (apply) => (id, data, seq) => {
    if (id !== widget.current) return;
    apply(data, seq);
    widget.floor.drawStop();
  };
  return {
    "message.created": receive,
    "message.updated": here((data, seq) => widget.thread.receive(data, seq)),
    "conversation.created": (_, data) => change(data),
    "conversation.updated": (_, data) => change(data),
    "conversation.ended": (id, data) => change(data) && bridge.emit("ended", { conversation: id }),
    "conversation.deleted": (id) => drop(id),
    "handoff.changed": (id, floor, seq) => {
      const { control } = change({ ...floor, id, seq, queue: null });
      bridge.emit("handoff", { conversation: id, control });
    },
    title: (id, data, seq) => widget.session.update({ id, seq, title: data.title }),
    "run.started": here((data) => widget.thread.startRun(data)),
    chunk: here((data) => widget.thread.stream(data) === "gap" && widget.session.refollow(widget.current)),
    end: here((data) => widget.thread.endRun(data)),
    typing: here(({ actor }) => actor.kind !== "visitor" && widget.thread.type(actor.name)),
  };
}
