/* What is drawn around the thread by who has the floor: head, queue, and the buttons of the moment. */
export class Floor {
  /** ``at`` returns the element of a part by its name. */
  constructor({ composer, head, list, queue, session, thread, config, labels, at }) {
    Object.assign(this, { composer, head, list, queue, session, thread, config, labels, at });
  }

  /** Draw what fits the open ``conversation``, undefined where none is open. */
  draw(conversation) {
    const { at, labels } = this;
    const control = conversation?.control ?? "ai";
    const isEnded = conversation?.lifecycle === "ended";
    Object.assign(this.thread.floor, { control: isEnded ? "ai" : control, queue: conversation?.queue ?? null });
    at("person").hidden = control !== "ai" || isEnded || this.session.isBlocked;
    at("act-end").hidden = !conversation || isEnded;
    at("over").hidden = !isEnded;
    this.composer.field.placeholder = isEnded ? labels.write_again : this.config.texts.placeholder;
    this.drawHead(conversation);
    this.drawStop();
    this.thread.draw();
    this.queue.watch(control === "requested" && !isEnded, this.thread.floor.queue !== null);
  }

  drawHead(conversation) {
    this.head.draw(this.list.isShown ? undefined : conversation);
  }

  drawStop() {
    this.at("stop").hidden = !this.thread.run;
  }
}
