// One line of the conversation as an element, and as text.

import { button, clockOf, dayOf, make, textElement, timeElement } from "./dom.js";
import { colourOf, keyOf, piecesOf } from "./text.js";

const GROUP_MS = 300000;

/** Whether this line needs no name of its own after that one. */
export const follows = (item, before) =>
	Boolean(item.at && before?.at) &&
	["kind", "name", "to", "own"].every((what) => item[what] === before[what]) &&
	dayOf(item.at) === dayOf(before.at) &&
	Math.abs(Date.parse(item.at) - Date.parse(before.at)) < GROUP_MS;

export function lineElement(item, isFirst, onReply) {
	const { kind, at, name, text, own, call } = item;
	if (!at) return note(item);
	const classes = ["line", kind, own && "own", kind === "said" && call && "call", isFirst && "first", `n${colourOf(name)}`];
	const line = make("div", classes.filter(Boolean).join(" "), ...(isFirst ? heading(item, onReply) : [aside(item)]));
	line.append(textElement(piecesOf(text, call), "text"));
	return line;
}

/** As it is written down. */
export function wordsOf({ kind, at, name, to, text }) {
	if (!at) return `${name ?? ""}${text}`;
	return `${clockOf(at)} ${kind === "told" ? `[private] ${name} to ${to}` : name}: ${text}`;
}

function note({ kind, name, text }) {
	return name ? make("div", kind, nameOf(name), text) : textElement(piecesOf(text), kind);
}

function aside({ at, name, own }) {
	return make("span", "aside", timeElement(at), make("span", "sr", `${own ? "You" : name}: `));
}

function heading({ kind, at, name, to, own }, onReply) {
	const face = make("span", "face", [...name.replace("<", "")][0]?.toUpperCase() ?? "");
	face.ariaHidden = "true";
	const head = make("div", "head", own ? make("bdi", "name", "You") : nameOf(name, "name"));
	if (kind !== "told") {
		head.append(timeElement(at));
		return [face, head];
	}
	const other = own ? to : name;
	const reply = button("Reply", "reply quiet", () => onReply(other));
	reply.ariaLabel = `Reply to ${other} in private`;
	const whom = own ? nameOf(to, `name n${colourOf(to)}`) : "you";
	head.append("to", " ", whom, make("span", "tag", "private"), timeElement(at), reply);
	return [face, head];
}

// Nobody else shall be taken for us.
const nameOf = (name, classes) => make("bdi", classes, keyOf(name) === "you" ? `~${name}` : name);
