// The conversation. Whoever has scrolled up stays where they are.

import { dayOf, write } from "./dom.js"
import { follows, lineElement } from "./line.js"

const MOST_LINES = 2000
const MOST_IN_GROUP = 30
const NEAR_END = 40

export class Log {
	#waiting = []
	#last = {}
	#inGroup = 0
	#day = ""
	#sticks = true // to the end; or else to the line at the top, and so far within it:
	#top = null
	#offset = 0
	#unseen = 0

	constructor(root, newer, onReply) {
		Object.assign(this, { root, newer, onReply })
		root.onscroll = () => this.#scrolled()
		newer.onclick = () => {
			this.#toEnd()
			root.focus()
		}
		new ResizeObserver(() => this.#settle()).observe(root)
	}

	add(item) {
		this.#waiting.push(item)
		if (this.#waiting.length > 2 * MOST_LINES) this.#waiting.splice(0, MOST_LINES)
	}

	clear() {
		this.#waiting = []
		this.#last = {}
		this.#day = ""
		this.root.replaceChildren()
		this.#toEnd()
	}

	// All at once, for one layout.
	flush() {
		const items = this.#waiting.splice(0)
		if (!items.length) return
		// What was said before is not read out.
		this.root.ariaLive = items.some(({ past }) => past === "before") ? "off" : "polite"
		this.root.append(...items.flatMap(item => this.#elements(item)))
		this.#trim()
		this.#sticks ||= items.some(({ own, past }) => own && !past)
		this.#settle()
		if (!this.#sticks) this.#count(this.#unseen + items.filter(({ at, own }) => at && !own).length)
	}

	#elements(item) {
		const day = item.at ? dayOf(item.at) : this.#day
		const isNew = day !== this.#day
		this.#day = day
		const before = isNew ? this.#elements({ kind: "divider", text: day }) : []
		this.#inGroup = follows(item, this.#last) && this.#inGroup < MOST_IN_GROUP ? this.#inGroup + 1 : 0
		const element = lineElement(item, !this.#inGroup, this.onReply)
		this.#last = item
		return [...before, element]
	}

	// The oldest go, and with them the rest of their group.
	#trim() {
		const { root } = this
		const most = this.#sticks ? MOST_LINES : 2 * MOST_LINES
		if (root.childElementCount <= most) return
		while (root.childElementCount > most || root.firstChild.matches(".line:not(.first)")) root.firstChild.remove()
	}

	#scrolled() {
		const { scrollHeight, scrollTop, clientHeight, children } = this.root
		this.#sticks = scrollHeight - scrollTop - clientHeight < NEAR_END
		if (this.#sticks) return this.#count(0)
		this.#top = [...children].find(line => line.offsetTop + line.offsetHeight > scrollTop)
		this.#offset = scrollTop - this.#top.offsetTop
	}

	// Whatever has come or gone, or got another width.
	#settle() {
		if (this.#sticks) this.#toEnd()
		else if (this.#top.isConnected) this.root.scrollTop = this.#top.offsetTop + this.#offset
	}

	#toEnd() {
		this.root.scrollTop = this.root.scrollHeight
		this.#sticks = true
		this.#count(0)
	}

	#count(unseen) {
		this.#unseen = unseen
		this.newer.hidden = !unseen
		write(this.newer.id, unseen === 1 ? "1 new line" : `${unseen} new lines`)
	}
}
