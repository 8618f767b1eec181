/** How one hears of things: a sound, and the browser's own notification while the tab is hidden. */

const SOUND = "parley:sound";
const DESKTOP = "parley:desktop";
const HEARD = "parley:heard";
const NOTES = [660, 880]; // Hz
const NOTE_SECONDS = 0.14;
const LOUDNESS = 0.06;
let audio = null;

export const alerts = {
  get sound() {
    return localStorage.getItem(SOUND) === "on";
  },
  get desktop() {
    return localStorage.getItem(DESKTOP) === "on" && permission() === "granted";
  },
  get isDesktopRefused() {
    return ["denied", "none"].includes(permission());
  },
};

export function setSound(isOn) {
  localStorage.setItem(SOUND, isOn ? "on" : "off");
}

/** Switch the browser's notifications; the first time the browser asks, so a click must lead here. */
export async function setDesktop(isOn) {
  if (isOn && permission() === "default") await Notification.requestPermission();
  localStorage.setItem(DESKTOP, isOn ? "on" : "off");
}

/** Tell of a notification once, however many tabs are open. */
export function announce({ id, count, title, text, url }) {
  const key = `${id}:${count}`;
  if (localStorage.getItem(HEARD) === key) return;
  localStorage.setItem(HEARD, key);
  if (alerts.sound) chime();
  if (!document.hidden || !alerts.desktop) return;
  const note = new Notification(title, { body: text, tag: id, silent: true });
  note.addEventListener("click", () => {
    window.focus();
    note.close();
    if (url) location.assign(url);
  });
}

/** Two short notes; browsers stay silent until the page was clicked once. */
export function chime() {
  audio ??= new AudioContext();
  NOTES.forEach((pitch, index) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + index * NOTE_SECONDS;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_SECONDS);
  });
}

function permission() {
  return "Notification" in window ? Notification.permission : "none";
}
