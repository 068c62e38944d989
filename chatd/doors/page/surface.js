// All that is around the conversation, made to agree with the state of the room.

import { byId, make, setText } from "./dom.js";

const SLOW_SECONDS = 1.5;

export class Surface {
	#view = "door";
	#outbox = "";

	/** `onView(view, the one before)`: "door", "chat", or "again" for whoever was in. */
	constructor(onView) {
		this.onView = onView;
	}

	refresh(room) {
		setText(byId("title"), room.hello?.title || "chatd");
		setText(byId("status"), statusOf(room));
		byId("find").hidden = !room.hello?.history;
		const bar = barOf(room, room.clock());
		byId("bar").hidden = !bar;
		setText(byId("bar-text"), bar);
		byId("bar-try").hidden = room.link === "opening";
		byId("bar-stop").hidden = room.phase !== "entering";
		this.#showOutbox(room);
		this.#showView(viewOf(room));
	}

	#showView(view) {
		const before = this.#view;
		if (view === before) return;
		this.#view = document.body.dataset.view = view;
		this.onView(view, before);
	}

	#showOutbox(room) {
		const { unsent, pending } = room.sending;
		const slow = pending.filter(({ at }) => room.clock() - at >= SLOW_SECONDS);
		const items = unsent.length ? unsent : slow;
		byId("outbox").hidden = !items.length;
		setText(byId("outbox-title"), outboxOf(room, items));
		byId("outbox-buttons").hidden = !unsent.length || (room.phase === "in" && room.isUndecided);
		byId("resend").disabled = room.phase !== "in";
		const now = JSON.stringify(items);
		if (now !== this.#outbox) byId("outbox-lines").replaceChildren(...items.map(lineOf));
		this.#outbox = now;
	}
}

// Who was in keeps the conversation before their eyes, whatever has to be decided.
function viewOf({ phase, wasIn }) {
	if (phase === "in") return "chat";
	if (!wasIn) return "door";
	return phase === "entering" ? "chat" : "again";
}

function statusOf({ phase, link, hello, name, isLeaving, isHeldOff }) {
	if (isLeaving) return "Leaving…";
	if (phase === "in") return `Here as ${name}`;
	if (phase === "entering" && link === "open") return isHeldOff ? "Waiting for your name" : "Joining…";
	if (link === "opening") return "Connecting…";
	return phase === "entering" || !hello ? "Not connected" : "Not in the chat";
}

// Why we are not in, and what is done about it.
function barOf({ phase, link, why, tryAt, isHeldOff }, now) {
	if (isHeldOff) return `${why} Perhaps it is your old connection: trying again.`;
	if (link === "closed" && tryAt) return `${why} Next try in ${Math.max(1, Math.ceil(tryAt - now))} s.`;
	return phase === "entering" && link === "opening" && why ? `${why} Connecting…` : "";
}

function outboxOf({ sending: { unsent }, phase, isUndecided }, { length }) {
	const lines = length === 1 ? "1 line" : `${length} lines`;
	if (!unsent.length) return `${lines} on the way…`;
	if (phase === "in" && isUndecided) return "Looking whether what you said has arrived…";
	return `${lines} ${unsent.every(({ why }) => why) ? "not sent" : "not known to be sent"}`;
}

function lineOf({ text, to, why }) {
	const line = make("li", "", to ? `to ${to}: ` : "", text);
	line.dir = "auto";
	if (why) line.append(" ", make("span", "why", why));
	return line;
}
