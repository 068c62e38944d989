// The conversation: lines come at its end, and whoever has scrolled up stays where they are.

import { dayOf, setText } from "./dom.js";
import { follows, lineElement, wordsOf } from "./line.js";

const MOST_LINES = 2000;
const MOST_WHILE_READING = 4000;
const MOST_IN_GROUP = 30;
const NEAR_END = 40;
const HAS_ANCHORS = CSS.supports("overflow-anchor: auto");

export class Log {
	#waiting = [];
	#items = new WeakMap(); // elements to what they show
	#last = null;
	#inGroup = 0;
	#day = "";
	#sticks = true;
	#unseen = 0;

	/** `newer`: the button that tells how many new lines there are; `onReply(name)`. */
	constructor(root, newer, onReply) {
		Object.assign(this, { root, newer, onReply });
		root.onscroll = () => this.#scrolled();
		newer.onclick = () => {
			this.#toEnd();
			root.focus({ preventScroll: true });
		};
		new ResizeObserver(() => this.#sticks && this.#toEnd()).observe(root);
		document.oncopy = (event) => this.#copy(event);
	}

	/** Shown with the next flush. */
	add(item) {
		this.#waiting.push(item);
		if (this.#waiting.length > 2 * MOST_LINES) this.#waiting.splice(0, MOST_LINES);
	}

	/** All at once: the layout is asked for once for however many lines. */
	flush() {
		const items = this.#waiting.splice(0);
		if (!items.length) return;
		// What was said before is not read out.
		this.root.ariaLive = items.some(({ past }) => past === "before") ? "off" : "polite";
		const fragment = document.createDocumentFragment();
		for (const item of items) this.#append(fragment, item);
		this.root.append(fragment);
		this.#trim();
		if (this.#sticks) this.#toEnd();
		else this.#count(this.#unseen + items.filter(({ at, own }) => at && !own).length);
	}

	#append(fragment, item) {
		const day = item.at ? dayOf(item.at) : this.#day;
		if (day !== this.#day) {
			this.#day = day;
			this.#append(fragment, { kind: "divider", text: day });
		}
		this.#inGroup = follows(item, this.#last) && this.#inGroup < MOST_IN_GROUP ? this.#inGroup + 1 : 0;
		const element = lineElement(item, !this.#inGroup, this.onReply);
		this.#items.set(element, item);
		this.#last = item;
		fragment.append(element);
	}

	// The oldest go, and with them those of whom it would not be told any more who said them.
	#trim() {
		const { root } = this;
		const most = this.#sticks ? MOST_LINES : MOST_WHILE_READING;
		if (root.childElementCount <= most) return;
		const height = root.scrollHeight;
		while (root.childElementCount > most || root.firstChild?.matches(".line:not(.first)")) root.firstChild.remove();
		if (!HAS_ANCHORS && !this.#sticks) root.scrollTop -= height - root.scrollHeight;
	}

	#scrolled() {
		const { scrollHeight, scrollTop, clientHeight } = this.root;
		this.#sticks = scrollHeight - scrollTop - clientHeight < NEAR_END;
		if (this.#sticks) this.#count(0);
	}

	#toEnd() {
		this.root.scrollTop = this.root.scrollHeight;
		this.#sticks = true;
		this.#count(0);
	}

	#count(unseen) {
		this.#unseen = unseen;
		this.newer.hidden = !unseen;
		setText(this.newer, unseen === 1 ? "1 new line" : `${unseen} new lines`);
	}

	// Several lines are copied as they would be written down: time, name, text.
	#copy(event) {
		const selection = getSelection();
		const range = selection.rangeCount && selection.getRangeAt(0);
		if (!range || !this.root.contains(range.commonAncestorContainer)) return;
		const lines = [...this.root.children].filter((line) => range.intersectsNode(line));
		if (lines.length < 2) return;
		event.preventDefault();
		event.clipboardData.setData("text/plain", lines.map((line) => wordsOf(this.#items.get(line))).join("\n"));
	}
}
