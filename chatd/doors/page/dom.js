// What the parts of the view share. Text is always text.

import { hueOf } from "./text.js"

export const $ = id => document.getElementById(id)

// A live region says again whatever is set.
export function write(id, text) {
	if ($(id).textContent !== text) $(id).textContent = text
}

// An element with classes and children, of which strings are text.
export function make(tag, classes, ...children) {
	const element = document.createElement(tag)
	element.className = classes
	element.append(...children)
	return element
}

// Its colour goes with the name.
export function tint(element, name) {
	element.style.setProperty("--hue", hueOf(name))
	return element
}

export const button = (words, classes, label) => Object.assign(make("button", classes, words), { type: "button", ariaLabel: label })

const format = options => {
	const { format } = new Intl.DateTimeFormat([], options)
	return at => format(Date.parse(at) || 0)
}
const clockOf = format({ hour: "2-digit", minute: "2-digit" })
export const dayOf = format({ dateStyle: "full" })
const fullOf = format({ dateStyle: "full", timeStyle: "medium" })

export const timeElement = at => Object.assign(make("time", "", clockOf(at)), { dateTime: at, title: fullOf(at) })

export function textElement(pieces, classes) {
	const element = make("div", classes)
	element.dir = "auto"
	for (const { text, href, call } of pieces) {
		const link = { href, target: "_blank", rel: "noopener noreferrer" }
		element.append(href ? Object.assign(make("a", "", text), link) : call ? make("mark", "", text) : text)
	}
	return element
}

// Whether the answer is yes; it comes before anything else.
export function ask(words, yes) {
	const dialog = $("ask")
	write("ask-text", words)
	write("ask-yes", yes)
	dialog.returnValue = ""
	dialog.showModal()
	$("ask-yes").onclick = () => dialog.close("yes")
	$("ask-no").onclick = () => dialog.close()
	return new Promise(resolve => (dialog.onclose = () => resolve(dialog.returnValue === "yes")))
}
