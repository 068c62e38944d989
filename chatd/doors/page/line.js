// One line of the conversation as an element, and as text.

import { button, dayOf, make, textElement, timeElement, tint } from "./dom.js"
import { keyOf, piecesOf } from "./text.js"

const GROUP_MS = 300000

// Whether it needs no name of its own after that one.
export const follows = (item, before) =>
	item.at && before.at &&
	["kind", "name", "to", "own"].every(what => item[what] === before[what]) &&
	dayOf(item.at) === dayOf(before.at) &&
	Math.abs(Date.parse(item.at) - Date.parse(before.at)) < GROUP_MS

export function lineElement(item, isFirst, onReply) {
	const { kind, at, name, text, own, call } = item
	if (!at) return name ? make("div", kind, nameOf(name), text) : textElement(piecesOf(text), kind)
	const classes = ["line", kind, own && "own", kind === "said" && call && "call", isFirst && "first"]
	const aside = make("span", "aside", timeElement(at), make("span", "sr", `${own ? "You" : name}: `))
	const before = isFirst ? heading(item, onReply) : [aside]
	return tint(make("div", classes.filter(Boolean).join(" "), ...before, textElement(piecesOf(text, call), "text")), name)
}

function heading({ kind, at, name, to, own }, onReply) {
	const face = make("span", "face", [...name.replace("<", "")][0].toUpperCase())
	face.ariaHidden = "true"
	const head = make("div", "head", own ? make("bdi", "name", "You") : nameOf(name, "name"))
	const time = timeElement(at)
	if (kind === "told") {
		const other = own ? to : name
		const reply = button("Reply", "reply quiet", `Reply to ${other} in private`)
		reply.onclick = () => onReply(other)
		head.append("to ", own ? tint(nameOf(to, "name"), to) : "you", make("span", "tag", "private"), time, reply)
	} else head.append(time)
	return [face, head]
}

// Nobody else shall be taken for us.
const nameOf = (name, classes = "") => make("bdi", classes, keyOf(name) === "you" ? `~${name}` : name)
