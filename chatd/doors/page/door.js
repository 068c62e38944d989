// The form by which one comes in. What is wrong is said where it is wrong, and what was typed stays.

import { byId, setText } from "./dom.js";

const name = byId("name");
const password = byId("password");

export class Door {
	#shown = null;

	/** `onJoin(name, password)`. */
	constructor(onJoin) {
		byId("door").onsubmit = (event) => {
			event.preventDefault();
			if (name.value.trim()) onJoin(name.value.trim(), password.value);
			else this.#explain({ field: "name", text: "Please choose a name." });
		};
		byId("guest").onclick = () => onJoin("", password.value);
	}

	refresh({ wrong, wasIn, phase, hello, asksPassword }) {
		byId("password-field").hidden = !asksPassword;
		byId("guest").hidden = !hello?.guests;
		setText(byId("door-title"), wasIn ? "Join again" : "Join the chat");
		const again = wrong && !wrong.field && !wasIn ? "Try again" : "Join";
		setText(byId("join"), phase === "entering" ? "Joining…" : again);
		if (wrong !== this.#shown) this.#explain(wrong);
	}

	focus() {
		(this.#shown?.field === "password" ? password : name).focus();
	}

	#explain(wrong) {
		this.#shown = wrong;
		for (const input of [name, password]) {
			const isIt = wrong?.field === input.id;
			setText(byId(`${input.id}-wrong`), isIt ? wrong.text : "");
			input.ariaInvalid = String(isIt);
			if (isIt) input.select();
		}
		setText(byId("door-wrong"), wrong && !wrong.field ? wrong.text : "");
		if (wrong) this.focus();
	}
}
