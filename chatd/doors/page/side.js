// Who is here, and the switches: beside the conversation, or where there is no room a drawer.

import { ask, byId, button, make, setText } from "./dom.js";
import { colourOf } from "./text.js";

const narrow = matchMedia("(max-width: 53.99rem)");

export class Side {
	isOpen = false;
	#rows = new Map(); // an element stays while somebody does, and with it the focus

	/** `obey(meant)`, as of typed.js; `onTell(name)`. */
	constructor({ obey, onTell }) {
		Object.assign(this, { obey, onTell });
		const record = (state) => obey({ kind: "record", state });
		const closes = (id, then) => {
			byId(id).onclick = () => {
				this.close();
				then?.();
			};
		};
		byId("people").onclick = () => this.open();
		closes("side-close");
		closes("shade");
		closes("help", () => obey({ kind: "help" }));
		closes("leave", () => obey({ kind: "quit" }));
		byId("record").onchange = ({ target }) => record(target.checked ? "on" : "off");
		byId("unrecord").onclick = async () => {
			const words = "Remove what was kept of you since you came in? Nothing brings it back.";
			if (await ask(words, "Remove it")) record("forget");
		};
		narrow.onchange = () => this.#show(false);
	}

	refresh(room) {
		const { people, hello, sending, isOff } = room;
		const here = people.length ? `${people.length} here` : "People";
		setText(byId("people"), here);
		setText(byId("here"), here);
		byId("record-row").hidden = !hello?.history;
		if (!sending.awaits("record")) byId("record").checked = !isOff;
		byId("kept").hidden = !isOff;
		this.#list(room);
	}

	open() {
		if (!narrow.matches) return;
		this.#show(true);
		byId("side-close").focus();
	}

	close() {
		if (!this.isOpen) return;
		this.#show(false);
		byId("people").focus();
	}

	// What lies under the drawer can't be reached meanwhile.
	#show(isOpen) {
		this.isOpen = isOpen;
		byId("side").classList.toggle("open", isOpen);
		byId("people").ariaExpanded = String(isOpen);
		byId("shade").hidden = !isOpen;
		byId("talk").inert = isOpen;
	}

	#list(room) {
		const { people, name: own } = room;
		const list = byId("names");
		const here = new Set(people);
		for (const [name, row] of this.#rows) {
			if (here.has(name) && row.isOwn === (name === own)) continue;
			row.remove();
			this.#rows.delete(name);
		}
		people.forEach((name, place) => {
			if (!this.#rows.has(name)) this.#rows.set(name, this.#row(name, name === own));
			const row = this.#rows.get(name);
			if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
			if (name !== own) mark(row, name, room.ignores(name));
		});
	}

	#row(name, isOwn) {
		const row = make("li", `n${colourOf(name)}`);
		row.isOwn = isOwn;
		const shown = make("bdi", "", name);
		if (isOwn) {
			row.append(make("span", "self", shown, " (you)"));
			return row;
		}
		const person = button(shown, "person quiet", () => {
			this.close();
			this.onTell(name);
		});
		person.title = `Private line to ${name}`;
		const ignore = button("", "ignore quiet", () => this.obey({ kind: row.isIgnored ? "unignore" : "ignore", name }));
		row.append(person, ignore);
		return row;
	}
}

function mark(row, name, isIgnored) {
	if (row.isIgnored === isIgnored) return;
	row.isIgnored = isIgnored;
	row.classList.toggle("ignored", isIgnored);
	const words = isIgnored ? "Hear again" : "Ignore";
	row.lastChild.textContent = words;
	row.lastChild.ariaLabel = `${words} ${name}`;
}
