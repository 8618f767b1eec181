/** Alerts: a sound, and the browser's own notification while the tab is hidden. */

const SOUND = "parley:sound";
const DESKTOP = "parley:desktop";
const ANNOUNCED = "parley:heard-of";
const ANNOUNCED_AT_MOST = 50;
const STORED_WITHIN = 30_000; // ms
const SHOWN = "parley:shown";
const NOTES = [660, 880]; // Hz
const NOTE_SECONDS = 0.14;
const LOUDNESS = 0.06;
let audio = null;

document.addEventListener("visibilitychange", holdWhileShown);
holdWhileShown();

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

/**
 * Announce a notification once, however many tabs are open; by the browser only while no tab is
 * on screen, since one that is shows it itself.
 */
export async function announce(notification) {
  if (document.hidden && (await isShown())) return;
  if (!(await isFirst(`${notification.id}:${notification.count}`))) return;
  if (alerts.sound) chime();
  if (document.hidden && alerts.desktop) show(notification);
}

function show({ id, title, text, url }) {
  const note = new Notification(title, { body: text, tag: id, silent: true });
  note.addEventListener("click", () => {
    window.focus();
    note.close();
    if (url) location.assign(url);
  });
}

/**
 * Whether no tab has announced this yet; from now on this one has.
 *
 * What is stored reaches other tabs a little late; until then a held lock keeps them from it.
 */
function isFirst(key) {
  const claim = () => {
    const announced = JSON.parse(localStorage.getItem(ANNOUNCED) ?? "[]");
    if (announced.includes(key)) return false;
    localStorage.setItem(ANNOUNCED, JSON.stringify([...announced, key].slice(-ANNOUNCED_AT_MOST)));
    return true;
  };
  if (!navigator.locks) return claim();
  return new Promise((answer) => {
    navigator.locks.request(`${ANNOUNCED}:${key}`, { ifAvailable: true }, (lock) => {
      answer(lock !== null && claim());
      return lock && new Promise((release) => setTimeout(release, STORED_WITHIN));
    });
  });
}

/** Whether any tab of this browser is on screen: each that is holds a shared lock. */
async function isShown() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === SHOWN);
}

function holdWhileShown() {
  if (document.hidden) return;
  navigator.locks?.request(SHOWN, { mode: "shared" }, () => new Promise((release) => {
    document.addEventListener("visibilitychange", release, { once: true });
  }));
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
