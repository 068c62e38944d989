// Where a line is typed. Nothing leaves the box before the room has taken it.

import { ask, byId, setText } from "./dom.js";
import { bytesLeft, meaning, tooLong } from "./typed.js";

const SHOWN_FROM = 100; // bytes left
const MOST_ROWS = 8;

export class Composer {
	to = "";
	box = byId("text");
	#before = []; // what was typed
	#place = 0;

	/** `obey(meant)` gives why not; `context()` what typed.js wants to know of the room. */
	constructor({ obey, context }) {
		Object.assign(this, { obey, context });
		byId("compose").onsubmit = (event) => {
			event.preventDefault();
			this.#send();
		};
		this.box.onkeydown = (event) => this.#key(event);
		this.box.oninput = () => this.changed();
		byId("to-all").onclick = () => this.address("");
	}

	/** From now on for this person alone; "": for everyone. */
	address(to) {
		this.to = to;
		byId("compose").classList.toggle("private", Boolean(to));
		byId("to").hidden = !to;
		setText(byId("to-name"), to);
		this.box.ariaLabel = to ? `Private line to ${to}` : "Say to everyone";
		this.box.placeholder = to ? this.box.ariaLabel : "Say something";
		this.changed();
		this.box.focus();
	}

	get draft() {
		return { text: this.box.value, to: this.to };
	}

	set draft({ text = "", to = "" }) {
		if (to) this.address(to);
		this.#put(text);
	}

	get #context() {
		return { ...this.context(), to: this.to };
	}

	async #send() {
		const typed = this.box.value;
		const meant = meaning(typed, this.#context);
		if (meant.kind === "nothing") return;
		if (meant.ask && !(await ask(meant.ask, "Say them"))) return this.box.focus();
		const why = meant.why ?? this.obey(meant);
		if (why) return this.#hint(why);
		this.#place = this.#before.push(typed);
		this.#put("");
		// Where the answer has taken the focus, it stays there.
		if (byId("found").hidden) this.box.focus();
	}

	#key(event) {
		const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
		// While an input method composes, Enter chooses a word (229: Safari's way to say so).
		if (event.isComposing || event.keyCode === 229 || shiftKey) return;
		if (key === "Enter") {
			event.preventDefault();
			this.#send();
		} else if (!ctrlKey && !altKey && !metaKey) {
			this.#browse(event, { ArrowUp: -1, ArrowDown: 1 }[key]);
		}
	}

	// Up in an empty box brings back what was typed before, for as long as it is not changed.
	#browse(event, step) {
		const typed = this.#before[this.#place + step];
		if (!step || this.box.value !== (this.#before[this.#place] ?? "") || (!typed && step < 0)) return;
		event.preventDefault();
		this.#place = Math.min(this.#place + step, this.#before.length);
		this.#put(typed ?? "");
	}

	#put(text) {
		this.box.value = text;
		this.changed();
	}

	/** What is typed, or what it is checked against, is another. */
	changed() {
		this.box.rows = Math.min(MOST_ROWS, this.box.value.split("\n").length);
		const left = this.box.value ? bytesLeft(this.box.value, this.#context) : SHOWN_FROM;
		this.#hint(left < 0 ? `This is ${tooLong(-left)}` : "", left < SHOWN_FROM ? `${left} bytes left` : "");
	}

	// Why nothing is sent; or else, quietly, something to know.
	#hint(wrong, quiet = "") {
		setText(byId("wrong"), wrong);
		setText(byId("left"), wrong ? "" : quiet);
		this.box.ariaInvalid = String(Boolean(wrong));
	}
}
