// What was looked for and found, and other answers that are no part of the conversation. They lie
// over it until they are closed.

import { byId, dayOf, make, setText, textElement } from "./dom.js";
import { lineElement } from "./line.js";
import { withMarks } from "./text.js";

const panel = byId("found");
const field = byId("words");
const results = byId("results");
const say = (words) => setText(byId("found-title"), words);

export class Finding {
	/** `obey(meant)` gives why not; `onClose()`. */
	constructor({ obey, onClose }) {
		this.onClose = onClose;
		byId("find").onclick = () => this.open();
		byId("found-close").onclick = () => this.close();
		byId("search").onsubmit = (event) => {
			event.preventDefault();
			const search = field.value.trim();
			if (search) say(obey({ kind: "history", search }) || "Looking…");
		};
	}

	get isOpen() {
		return !panel.hidden;
	}

	open() {
		panel.hidden = false;
		field.select();
	}

	close() {
		panel.hidden = true;
		this.onClose();
	}

	/** An answer of the history: {query, lines, wrong}. */
	show({ query: { search }, lines, wrong }) {
		if (search) field.value = search;
		say(wrong || title(search, lines.length));
		fill(search ? lines.reverse() : lines, search?.split(/\s+/));
	}

	/** Pairs of words and what they mean. */
	explain(heading, pairs) {
		say(heading);
		put(make("dl", "", ...pairs.flatMap(([words, what]) => [make("dt", "", words), make("dd", "", what)])));
	}
}

function title(search, count) {
	const lines = count === 1 ? "1 line" : `${count || "No"} lines`;
	if (search) return `${count ? lines : "No line"} with “${search}”`;
	return count ? `The last ${lines}` : "Nothing has been kept yet";
}

function fill(lines, words) {
	let day = "";
	put(
		...lines.flatMap((line) => {
			const element = lineElement({ ...line, kind: "said" }, true);
			if (words) element.lastChild.replaceWith(textElement(withMarks(line.text, words), "text"));
			const isNew = dayOf(line.at) !== day;
			day = dayOf(line.at);
			return isNew ? [make("div", "divider", day), element] : [element];
		}),
	);
	if (!words) results.scrollTop = results.scrollHeight;
}

function put(...elements) {
	results.replaceChildren(...elements);
	results.scrollTop = 0;
	if (!panel.hidden) return;
	panel.hidden = false;
	results.focus();
}
