// The lines of this end: waiting to be sent, sent and not answered, or kept unsent.
//
// The daemon answers in order. A line to everyone comes back to its speaker. A private line is
// not answered if all is well, so a "list" follows it, and the list is the receipt.

import { isSame } from "./text.js";

const WINDOW = 16; // on their way at most: a slow daemon holds no more of ours than this
const ASIDE = ["ignore", "unignore", "order"];
const LINES = ["say", "tell"];
const REFUSABLE = {
	"no-such-user": ["tell", ...ASIDE],
	muted: LINES,
	empty: LINES,
	"line-too-long": [...LINES, "order"],
	"not-operator": ["order"],
	"is-operator": ["order"],
	"history-off": ["history", "record"],
};
const ANY = [...LINES, ...ASIDE, "history", "record", "list"];

const isLine = ({ kind }) => LINES.includes(kind);

/** Something for the daemon; a line has a text, and a private one a `to`. */
export const outgoing = (kind, message = {}, more = {}) => ({ kind, message: { type: kind, ...message }, ...message, ...more });

export class Sending {
	#waiting = [];
	#sent = [];
	#delivered = [];
	/** Lines that nobody may have seen; somebody decides about them. */
	unsent = [];

	add(item) {
		this.#waiting.push(item);
	}

	/** What may be sent now. */
	take() {
		const messages = [];
		const send = (item) => {
			this.#sent.push(item);
			messages.push(item.message);
		};
		while (this.#waiting.length && this.#sent.length < WINDOW) {
			const { kind } = this.#waiting[0];
			send(this.#waiting.shift());
			const goesOn = kind === "tell" && this.#waiting[0]?.kind === "tell" && this.#sent.length < WINDOW;
			if ([...ASIDE, "tell"].includes(kind) && !goesOn) send(outgoing("list", {}, { isSilent: true }));
		}
		return messages;
	}

	/** A line of our own has come back. Nobody else has our name, so it is one of these. */
	echoed(text) {
		const said = this.#sent.filter(({ kind }) => kind === "say");
		this.#answer(said.find((item) => isSame(item.text, text)) ?? said[0]);
	}

	/** The first of this kind is answered; gives it. */
	answered(kind) {
		return this.#answer(this.#sent.find((item) => item.kind === kind));
	}

	/** What a refusal with this code is for. */
	refused(code) {
		const item = this.#sent.find(({ kind }) => (REFUSABLE[code] ?? ANY).includes(kind));
		if (item) item.isRefused = true;
		return this.#answer(item);
	}

	/** Whether the next answer of a list or of the history is the one to this. */
	isNext(item) {
		return item && this.#sent.find(({ kind }) => kind === "list" || kind === "history") === item;
	}

	/** Private lines that have arrived since this was asked last. */
	takeDelivered() {
		return this.#delivered.splice(0);
	}

	/** The connection is gone: lines are kept, and what else was asked for is forgotten. */
	broke() {
		const perhaps = this.#sent.filter(isLine).map((item) => ({ ...item, isPerhaps: true }));
		this.unsent.push(...perhaps, ...this.#waiting.filter(isLine));
		this.#sent = [];
		this.#waiting = [];
	}

	/** A line that may have been sent is among those that were said. */
	hasArrived(text) {
		const place = this.unsent.findIndex((item) => item.isPerhaps && !item.to && isSame(item.text, text));
		if (place >= 0) this.unsent.splice(place, 1);
	}

	/** Send what was unsent after all. */
	release(at) {
		for (const { kind, to, text } of this.unsent.splice(0)) this.add(outgoing(kind, to ? { to, text } : { text }, { at }));
	}

	/** Lines of which it is not known yet that the daemon has them; not the unsent ones. */
	get pending() {
		return [...this.#sent, ...this.#waiting].filter(isLine);
	}

	awaits(kind) {
		return [...this.#sent, ...this.#waiting].some((item) => item.kind === kind);
	}

	// Whatever was sent before the one that is answered has been dealt with, too.
	#answer(item) {
		if (!item) return undefined;
		const done = this.#sent.splice(0, this.#sent.indexOf(item) + 1);
		this.#delivered.push(...done.filter(({ kind, isRefused }) => kind === "tell" && !isRefused));
		return item;
	}
}
