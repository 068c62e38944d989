// Answers that lie over the conversation until they are closed.

import { $, dayOf, make, write } from "./dom.js"
import { lineElement } from "./line.js"

const panel = $("found")
const field = $("words")
const results = $("results")

/** `obey(meant)` gives why not. */
export function offer(obey) {
	$("find").onclick = () => {
		panel.hidden = false
		field.select()
	}
	$("found-close").onclick = close
	$("search").onsubmit = event => {
		event.preventDefault()
		const search = field.value.trim()
		if (search) write("found-title", obey({ kind: "history", search }) || "Looking…")
	}
}

/** Whether there was anything to close. */
export function close() {
	if (panel.hidden) return false
	panel.hidden = true
	$("text").focus()
	return true
}

export function show({ query: { search = "" }, lines, wrong }) {
	if (search) field.value = search
	let day = ""
	const elements = (search ? lines.reverse() : lines).flatMap(line => {
		const element = lineElement({ ...line, kind: "said", call: search }, true)
		const isNew = dayOf(line.at) !== day
		day = dayOf(line.at)
		return isNew ? [make("div", "divider", day), element] : element
	})
	fill(wrong || title(search, lines.length), elements)
	if (!search) results.scrollTop = results.scrollHeight
}

export function explain(heading, meanings) {
	const list = Object.entries(meanings).flatMap(([words, what]) => [make("dt", "", words), make("dd", "", what)])
	fill(heading, [make("dl", "", ...list)])
}

function fill(heading, elements) {
	write("found-title", heading)
	results.replaceChildren(...elements)
	results.scrollTop = 0
	if (panel.hidden) {
		panel.hidden = false
		results.focus()
	}
}

function title(search, count) {
	const lines = `${count || "No"} line${count > 1 ? "s" : ""}`
	if (search) return `${lines} with “${search}”`
	return count ? `The last ${lines}` : "Nothing has been kept yet"
}
