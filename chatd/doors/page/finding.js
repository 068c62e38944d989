// Answers that lie over the conversation until they are closed.

import { $, dayOf, make, write } from "./dom.js"
import { lineElement } from "./line.js"
import { HELP } from "./typed.js"

const panel = $("found")
const field = $("words")
const results = $("results")

export function offer(obey) {
	$("find").onclick = () => {
		cover(true)
		field.select()
	}
	$("found-close").onclick = close
	$("search").onsubmit = event => {
		event.preventDefault()
		const search = field.value.trim()
		const why = search && obey({ kind: "history", search })
		if (why) write("found-title", why)
	}
}

// Whether there was anything to close.
export function close() {
	if (panel.hidden) return false
	cover(false)
	$("text").focus()
	return true
}

// At once: when the answer comes, somebody may type again.
export function open(heading, ...elements) {
	cover(true)
	fill(heading, elements)
	if (document.activeElement !== field) results.focus()
}

export function show({ query: { search = "" }, lines, wrong }) {
	let day = ""
	const elements = (search ? lines.reverse() : lines).flatMap(line => {
		const element = lineElement({ ...line, kind: "said", call: search }, true)
		const isNew = dayOf(line.at) !== day
		day = dayOf(line.at)
		return isNew ? [make("div", "divider", day), element] : element
	})
	const found = `${lines.length || "No"} line${lines.length > 1 ? "s" : ""}`
	fill(wrong || `${found}${search && ` with “${search}”`}`, elements)
	if (!search) results.scrollTop = results.scrollHeight
}

export function help() {
	const list = Object.entries(HELP).flatMap(([words, what]) => [make("dt", "", words), make("dd", "", what)])
	open("What can be typed", make("dl", "", ...list))
}

function fill(heading, elements) {
	write("found-title", heading)
	results.replaceChildren(...elements)
	results.scrollTop = 0
}

// What lies under it can't be reached meanwhile.
function cover(isOpen) {
	panel.hidden = !isOpen
	for (const each of panel.parentElement.children) each.inert = isOpen && each !== panel
}
