// Joins the room to the screen, the network and the clock.

import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { Door } from "./door.js";
import { Finding } from "./finding.js";
import { Log } from "./log.js";
import { Room } from "./room.js";
import { Side } from "./side.js";
import { Socket } from "./socket.js";
import { ofBrowser, ofTab } from "./store.js";
import { Surface } from "./surface.js";
import { HELP } from "./typed.js";

const TICK_MS = 1000;
const HIDDEN_MS = 200;

const room = new Room({ clock: () => performance.now() / 1000 });
const socket = new Socket({
	onMessage: (message) => act(() => room.heard(message)),
	onClose: (wasOpen) => act(() => room.lost(wasOpen)),
});
const attention = new Attention();
const composer = new Composer({ obey, context: () => ({ answerTo: room.answerTo, most: room.hello?.line_bytes }) });
const onTell = (name) => composer.address(name);
const log = new Log(byId("log"), byId("newer"), onTell);
const door = new Door((name, password) => act(() => room.join(name, password)));
const finding = new Finding({ obey, onClose: () => composer.box.focus() });
const side = new Side({ obey, onTell });
const surface = new Surface((view, before) => {
	side.close();
	if (view === "chat") composer.box.focus();
	else if (before === "chat") door.focus();
});

const EFFECTS = {
	open: () => socket.open(),
	close: () => socket.close(),
	send: ({ message }) => socket.send(message),
	show({ item }) {
		attention.came(item);
		log.add(item);
	},
	found: (answer) => finding.show(answer),
	remember,
};

/** Whatever happens goes in by here; the room says what is to be done. */
function act(work) {
	const result = work();
	for (const effect of room.take()) EFFECTS[effect.do](effect);
	refreshSoon();
	return result;
}

/** Gives why not, if not. */
function obey(meant) {
	if (meant.kind === "help") return finding.explain("What can be typed", HELP);
	if (meant.kind === "list") side.open();
	return act(() => room.obey(meant));
}

function remember() {
	ofTab.set({ ...room.memory, draft: composer.draft });
	composer.changed();
	if (room.phase === "in") ofBrowser.set({ ...ofBrowser.get(), name: room.wanted.name });
}

let isDue = false;

// However many messages come at once, the screen is changed once for each of its pictures.
function refreshSoon() {
	if (isDue) return;
	isDue = true;
	if (document.hidden) setTimeout(refresh, HIDDEN_MS);
	else requestAnimationFrame(refresh);
}

function refresh() {
	isDue = false;
	attention.title = room.hello?.title || "chatd";
	surface.refresh(room);
	door.refresh(room);
	side.refresh(room);
	log.flush();
}

for (const [id, what] of Object.entries({ "bar-try": "tryNow", "bar-stop": "stop", resend: "sendUnsent", forget: "dropUnsent" })) {
	byId(id).onclick = () => act(() => room[what]());
}
addEventListener("keydown", ({ key, isComposing }) => {
	if (key !== "Escape" || isComposing || byId("ask").open) return;
	if (side.isOpen) side.close();
	else if (finding.isOpen) finding.close();
	else if (composer.to) composer.address("");
});
addEventListener("online", () => act(() => room.wake()));
addEventListener("pagehide", remember);
addEventListener("beforeunload", (event) => {
	if (room.sending.unsent.length) event.preventDefault();
});
document.addEventListener("visibilitychange", () => (document.hidden ? remember() : act(() => room.wake())));
setInterval(() => act(() => room.tick()), TICK_MS);

// Where a keyboard on the screen lies over the page (iOS), the page ends above it.
visualViewport?.addEventListener("resize", () => {
	const { scale, height } = visualViewport;
	const isCovered = scale === 1 && innerHeight - height > 60;
	document.documentElement.style.setProperty("--height", isCovered ? `${height}px` : "100dvh");
	if (isCovered) scrollTo(0, 0);
});

const left = ofTab.get();
byId("name").value = left.name || ofBrowser.get().name || "";
composer.draft = left.draft ?? {};
act(() => room.start(left));
byId("name").focus();
