// The page without a screen and without a network. What the daemon says, what somebody wants and
// the ticks of a clock go in; effects come out (open, close, send, show, found, remember), and the
// state is there to be looked at.
//
// Phases: "form", somebody has to decide something; "entering", we want in, with a connection or
// without; "in". `wasIn` tells a lost connection from a first visit.

import { hear } from "./hearing.js";
import { Seen } from "./missed.js";
import { Past } from "./past.js";
import { backOff, Pulse } from "./patience.js";
import { calls, keyOf } from "./text.js";
import { outgoing, Sending } from "./unsent.js";

const SETTLED_SECONDS = 10; // a daemon that lets us in and closes is not back before that
const JOIN_SECONDS = 20;
const PASSWORD_SECONDS = 90; // after wrong ones, the daemon takes its time for the next
const GOODBYE_SECONDS = 5;
const HELD_SECONDS = 60; // an old connection of ours may still have our name…
const RELOADED_SECONDS = 8; // …also after a reload, and nothing tells that from a second tab
const FIELDS = {
	"bad-name": "name",
	"name-taken": "name",
	usage: "name",
	banned: "name",
	"line-too-long": "name",
	"password-needed": "password",
	"wrong-password": "password",
	"too-many-tries": "password",
};

export class Room {
	phase = "form";
	link = "closed"; // "opening", "open"
	hello = null;
	name = "";
	wanted = { name: "", password: "" };
	wasIn = false;
	people = [];
	ignored = new Map(); // names by their keys
	answerTo = "";
	isOff = false; // whether the daemon says that nothing is kept of us
	wrong = null; // {field, text} for the form
	asksPassword = false;
	why = ""; // there is no connection
	tryAt = 0;
	isUndecided = false; // whether it is looked up which lines have arrived
	isLeaving = false;
	sending = new Sending();
	seen = new Seen();
	past = new Past(this);
	#wantsOff = false;
	#deafHere = new Set(); // whom the daemon ignores for us, by their keys
	#effects = [];
	#since = 0; // of this phase, or this connection
	#tries = 0;
	#held = null; // {seconds, until, tries, at}: the name is asked for again

	constructor({ clock, random = Math.random }) {
		Object.assign(this, { clock, random, pulse: new Pulse(clock) });
	}

	/** What is to be done. */
	take() {
		if (this.phase === "in") for (const message of this.sending.take()) this.#send(message);
		return this.#effects.splice(0);
	}

	do(what, more = {}) {
		this.#effects.push({ ...more, do: what });
	}

	/** Ask what the room wants of newcomers; with a memory, go back in. */
	start({ isIn, name = "", unsent = [], at = Infinity, isOff = false, ignored = [] } = {}) {
		this.sending.unsent = unsent;
		this.past.unsentSince = at;
		this.#wantsOff = isOff;
		this.ignored = new Map(ignored);
		this.wanted.name = name;
		if (isIn) this.#enterAgain(RELOADED_SECONDS);
		this.#open();
	}

	/** To be kept over a reload of the page. */
	get memory() {
		const pending = this.sending.pending.map((item) => ({ ...item, isPerhaps: true }));
		return {
			isIn: this.phase !== "form" && !this.isLeaving,
			name: this.wanted.name,
			unsent: [...this.sending.unsent, ...pending],
			at: this.seen.latest,
			isOff: this.#wantsOff,
			ignored: [...this.ignored],
		};
	}

	// What somebody wants.

	join(name, password) {
		this.wanted = { name, password };
		this.phase = "entering";
		this.wrong = this.#held = null;
		if (this.link === "open") this.#knock();
		else if (this.link === "closed") this.#open();
	}

	sendUnsent() {
		this.sending.release(this.clock());
	}

	dropUnsent() {
		this.sending.unsent = [];
	}

	stop() {
		this.#decide(null);
	}

	tryNow() {
		if (this.link === "closed") this.#open();
		else if (this.isHeldOff) this.#knock();
	}

	/** The network may be there again, or somebody looks at the page again. */
	wake() {
		if (this.link === "closed" && this.tryAt) this.#open();
		else if (this.link === "open" && this.pulse.shouldAsk(true)) this.#ping();
	}

	/** Do what was typed. Gives why not, if not; the text stays where it is then. */
	obey({ kind, ...more }) {
		if (kind === "quit" && this.phase !== "in") return this.#left();
		if (this.phase !== "in" || this.isLeaving) return "Not connected just now. This stays here until the chat is back.";
		if (kind === "say" || kind === "tell") this.#say(kind, more);
		else if (kind === "history") this.past.asked(more);
		else if (kind === "unignore" && this.ignores(more.name)) this.#unignore(more.name);
		else this.sending.add(outgoing(kind, Object.fromEntries(Object.entries(more).filter(([, value]) => value))));
		if (kind === "ignore" && more.name) this.#ignore(more.name);
		if (kind === "record" && /^o/.test(more.state)) this.#wantsOff = more.state === "off";
		if (kind === "quit") this.isLeaving = true;
		this.#since = this.clock();
		return "";
	}

	#say(kind, { to, lines }) {
		for (const text of lines) this.sending.add(outgoing(kind, to ? { to, text } : { text }, { at: this.clock() }));
	}

	#ignore(name) {
		this.ignored.set(keyOf(name), name);
		this.#deafHere.add(keyOf(name));
	}

	#unignore(name) {
		this.ignored.delete(keyOf(name));
		if (this.#deafHere.delete(keyOf(name))) this.sending.add(outgoing("unignore", { name }));
		else this.note(`You see what ${name} says again.`);
	}

	// What the connection does.

	heard(message) {
		this.pulse.heard();
		hear(this, message);
	}

	lost(wasOpen) {
		this.link = "closed";
		for (const part of [this.sending, this.past, this.seen]) part.broke();
		this.why ||= wasOpen ? "The connection was lost." : "The chat cannot be reached.";
		if (this.isLeaving) return this.#left();
		if (this.phase === "in") {
			this.note(this.why);
			this.#enterAgain(HELD_SECONDS);
		}
		// Who reads the form needs no connection until they want in.
		const isWanted = this.phase === "entering" || !this.hello;
		this.tryAt = isWanted ? this.clock() + backOff(this.#tries++, this.random()) : 0;
	}

	/** Time has passed; wanted about once a second. */
	tick() {
		const now = this.clock();
		const age = now - this.#since;
		const isWaiting = this.link === "opening" || (this.phase === "entering" && !this.isHeldOff);
		if (this.link === "closed") {
			if (this.tryAt && now >= this.tryAt) this.#open();
		} else if (this.pulse.isDead) {
			this.#giveUp("Nothing came from the chat any more.");
		} else if (isWaiting && age >= (this.wanted.password ? PASSWORD_SECONDS : JOIN_SECONDS)) {
			this.#giveUp("No chat answers there.");
		} else if (this.isLeaving && age >= GOODBYE_SECONDS && !this.sending.pending.length) {
			this.#giveUp("");
		} else if (this.isHeldOff && now >= this.#held.at) {
			this.#knock();
		} else if (this.pulse.shouldAsk()) {
			this.#ping();
		}
		if (this.phase === "in" && age >= SETTLED_SECONDS) this.#tries = 0;
		this.past.tick();
	}

	// What hearing comes down to.

	greeted(hello) {
		Object.assign(this, { link: "open", hello, why: "", tryAt: 0 });
		this.asksPassword ||= hello.password;
		if (this.phase === "entering") this.#knock();
	}

	cameIn(name) {
		const { wasIn } = this;
		Object.assign(this, { phase: "in", wasIn: true, name, people: [name], wrong: null, why: "", isOff: false });
		this.isUndecided = true;
		this.#held = null;
		this.#since = this.clock();
		if (!wasIn) this.seen.at(this.hello.at);
		// To the daemon each connection is another visit; to the person here it is one.
		this.#deafHere.clear();
		if (this.#wantsOff) this.sending.add(outgoing("record", { state: "off" }, { isSilent: true }));
		this.sending.add(outgoing("list", {}, { isSilent: true }));
		this.past.entered(wasIn);
		this.note(`${wasIn ? "Back in" : "You are in"} the chat as ${name}.`);
		this.do("remember");
	}

	notLetIn(code, text) {
		const held = this.#held;
		const isOurs = held && (code === "name-taken" || code === "room-full");
		if (isOurs && this.clock() < (held.until ||= this.clock() + held.seconds)) {
			held.at = this.clock() + Math.min(5, 2 ** held.tries++ / 2);
			this.why = text;
			return;
		}
		this.asksPassword ||= FIELDS[code] === "password";
		this.#decide({ field: FIELDS[code] ?? "", text });
	}

	/** The connection is not to be opened again by itself. */
	putOut(text) {
		this.phase = "form";
		this.alarm(text);
		this.#giveUp(text);
		this.#decide({ field: "", text });
	}

	show(item) {
		if (!this.past.holds(item)) this.showNow(item);
	}

	showNow(item) {
		if (item.kind === "note" || !this.ignores(item.name)) this.do("show", { item });
	}

	note(text) {
		this.show({ kind: "note", text });
	}

	alarm(text) {
		this.show({ kind: "alarm", text });
	}

	/** A public line as it is shown. `past`: "before", "missed", or "" if it is said now. */
	said({ at, name, text }, past = "") {
		const own = name === this.name;
		return { kind: "said", at, name, text, own, past, call: !own && calls(this.name, text) ? this.name : "" };
	}

	/** Whoever is ignored stays so over a lost connection, when the daemon does not know it any more. */
	ignores(name = "") {
		return this.ignored.has(keyOf(name));
	}

	/** Private lines of ours are shown when they have arrived. */
	showDelivered() {
		for (const { to, text } of this.sending.takeDelivered()) {
			this.show({ kind: "told", at: new Date().toISOString(), name: this.name, to, text, own: true });
		}
	}

	caughtUp() {
		this.seen.caughtUp();
		this.isUndecided = false;
	}

	/** Whether the name is asked for again in a moment. */
	get isHeldOff() {
		return this.link === "open" && this.phase === "entering" && Boolean(this.#held?.at);
	}

	#enterAgain(seconds) {
		this.phase = "entering";
		this.people = [];
		this.#held = { seconds, until: 0, tries: 0, at: 0 };
	}

	#knock() {
		const { name, password } = this.wanted;
		if (this.#held) this.#held.at = 0;
		this.#since = this.clock();
		if (password) this.#send({ type: "pass", password });
		this.#send(name ? { type: "join", name } : { type: "join" });
	}

	#open() {
		this.link = "opening";
		this.tryAt = 0;
		this.#since = this.clock();
		this.pulse.heard();
		this.do("open");
	}

	#giveUp(why) {
		this.why = why;
		this.do("close");
		this.lost(true);
	}

	#left() {
		this.isLeaving = false;
		this.#decide({ field: "", text: "You have left the chat." });
		return "";
	}

	#decide(wrong) {
		this.phase = "form";
		this.people = [];
		this.tryAt = 0;
		this.#held = null;
		this.wrong = wrong;
		this.do("remember");
	}

	#ping() {
		this.#send({ type: "ping", token: "page" });
	}

	#send(message) {
		this.do("send", { message });
	}
}
