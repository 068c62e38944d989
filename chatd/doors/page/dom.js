// What the parts of the view share. Text is always text: nothing here reads markup.

export const byId = (id) => document.getElementById(id);

/** An element with classes and children, of which strings are text. */
export function make(tag, classes, ...children) {
	const element = document.createElement(tag);
	if (classes) element.className = classes;
	element.append(...children);
	return element;
}

export function button(words, classes, onClick) {
	const made = make("button", classes, words);
	made.type = "button";
	made.onclick = onClick;
	return made;
}

/** Only if it is another: a live region says again whatever is set. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

const format = (options) => {
	const { format } = new Intl.DateTimeFormat([], options);
	return (at) => format(Date.parse(at) || 0);
};
export const clockOf = format({ hour: "2-digit", minute: "2-digit" });
export const dayOf = format({ dateStyle: "full" });
const fullOf = format({ dateStyle: "full", timeStyle: "medium" });

export function timeElement(at, classes) {
	const element = make("time", classes, clockOf(at));
	element.dateTime = at;
	element.title = fullOf(at);
	return element;
}

/** Pieces as of text.js. */
export function textElement(pieces, classes) {
	const element = make("div", classes);
	element.dir = "auto";
	for (const { text, href, call } of pieces) {
		const piece = href || call ? make(href ? "a" : "mark", "", text) : text;
		if (href) Object.assign(piece, { href, target: "_blank", rel: "noopener noreferrer" });
		element.append(piece);
	}
	return element;
}

/** A question that wants an answer before anything else; whether it was yes. */
export function ask(words, yes) {
	const dialog = byId("ask");
	setText(byId("ask-text"), words);
	setText(byId("ask-yes"), yes);
	dialog.showModal();
	return new Promise((resolve) => {
		byId("ask-yes").onclick = () => dialog.close("yes");
		byId("ask-no").onclick = () => dialog.close("");
		dialog.oncancel = () => (dialog.returnValue = "");
		dialog.onclose = () => resolve(dialog.returnValue === "yes");
	});
}
