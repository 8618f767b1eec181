/** Zoom: a picture as large as its stage, or larger, moved about by pointer or keys. */

const LARGEST = 8; // times its natural size
const STILL = 4; // pixels that a hand trembles
const STEP = 80; // pixels that a key moves the picture

export class Zoom {
  #scale = 0; // of the natural size; 0 is the whole picture on the stage
  #hands = new Map(); // pointers that are down, by id
  #spread = 0; // between two fingers
  wasMoved = false;

  constructor({ stage, picture, in: larger, out: smaller }) {
    Object.assign(this, { stage, picture, larger, smaller });
    picture.addEventListener("dblclick", (event) => this.#toggle(event));
    stage.addEventListener("wheel", (event) => this.#roll(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.#up(event));
  }

  get isLarger() {
    return this.#scale > 0;
  }

  reset() {
    this.#apply(0);
  }

  /** Say what is possible with the picture that has been loaded. */
  measure() {
    this.#apply(this.#scale);
  }

  /** Make the picture larger by `factor`; what is at `point`, or in the middle, stays there. */
  by(factor, point) {
    const scale = (this.#scale || this.#whole) * factor;
    this.#apply(scale <= this.#whole ? 0 : Math.min(scale, LARGEST), point);
  }

  /** Show more of the picture to the right (1) or left (-1), below (1) or above (-1). */
  move(across, down) {
    this.stage.scrollLeft += across * STEP;
    this.stage.scrollTop += down * STEP;
  }

  /** The scale at which the picture is seen whole; it is never larger than it is. */
  get #whole() {
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    if (!width || !height) return 1;
    return Math.min(1, this.stage.clientWidth / width, this.stage.clientHeight / height);
  }

  #apply(scale, point) {
    const { picture, stage } = this;
    const before = picture.getBoundingClientRect();
    const frame = stage.getBoundingClientRect();
    const at = point ?? { clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2 };
    this.#scale = scale;
    stage.toggleAttribute("data-zoomed", scale > 0);
    if (scale > 0) picture.setAttribute("width", Math.round(picture.naturalWidth * scale));
    else picture.removeAttribute("width");
    this.smaller.disabled = scale === 0;
    this.larger.disabled = scale >= LARGEST || !picture.naturalWidth;
    if (!scale || !before.width) return;
    const after = picture.getBoundingClientRect();
    const part = { x: (at.clientX - before.left) / before.width, y: (at.clientY - before.top) / before.height };
    stage.scrollLeft += after.left + part.x * after.width - at.clientX;
    stage.scrollTop += after.top + part.y * after.height - at.clientY;
  }

  /** Show the natural size, or twice the whole where that is no larger; and back. */
  #toggle(event) {
    if (this.isLarger) this.reset();
    else this.by(Math.max(2, 1 / this.#whole), event);
  }

  #roll(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 200), event);
  }

  #down(event) {
    this.#hands.set(event.pointerId, event);
    this.wasMoved = false;
    this.#spread = this.#measured();
    if (event.pointerType === "mouse" && this.isLarger && !event.button) {
      event.preventDefault();
      this.stage.setPointerCapture(event.pointerId);
    }
  }

  #move(event) {
    const before = this.#hands.get(event.pointerId);
    if (!before) return;
    if (Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) > STILL) this.wasMoved = true;
    if (this.#hands.size === 2) this.#pinch(event);
    else if (event.pointerType === "mouse" && this.isLarger) {
      this.stage.scrollLeft -= event.clientX - before.clientX;
      this.stage.scrollTop -= event.clientY - before.clientY;
      this.#hands.set(event.pointerId, event);
    }
  }

  #pinch(event) {
    this.#hands.set(event.pointerId, event);
    const spread = this.#measured();
    const [one, other] = this.#hands.values();
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    if (this.#spread) this.by(spread / this.#spread, middle);
    this.#spread = spread;
  }

  #measured() {
    const [one, other] = this.#hands.values();
    return other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
  }

  #up(event) {
    this.#hands.delete(event.pointerId);
    this.#spread = 0;
  }
}
