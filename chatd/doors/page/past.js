// What is asked of the history. Meanwhile what is said waits a moment, for the order.

import { outgoing } from "./unsent.js"

const BEFORE_LINES = 50
const HOLD_SECONDS = 3

export class Past {
	#asking = [] // {why, item, query, lines}
	#replayed = [] // what the daemon shows unasked; it comes before the answer to our first list
	#held = null
	#heldAt = 0

	constructor(room) {
		this.room = room
	}

	// We are in: what was said before, or since we were here?
	entered(wasIn) {
		if (!this.room.hello.history) return this.room.seen.hasGap(false)
		this.#held = []
		this.#heldAt = this.room.clock()
		if (wasIn) this.ask({ since: this.room.seen.since }, "missed")
		else this.ask({ last: BEFORE_LINES }, "before")
	}

	broke() {
		this.#asking = []
		this.#replayed = []
		this.#release()
	}

	ask(query, why = "asked") {
		const item = outgoing("history", query)
		this.#asking.push({ why, item, query, lines: [] })
		this.room.sending.add(item)
	}

	tick() {
		if (this.room.clock() - this.#heldAt >= HOLD_SECONDS) this.#release()
	}

	// Whether what is said now has to wait; then it does.
	holds(item) {
		return Boolean(this.#held?.push(item))
	}

	recalled(lines) {
		const to = this.#isReplay ? this.#replayed : this.#asking[0].lines
		for (const line of lines) to.push(line)
	}

	ended() {
		if (this.#isReplay) return
		this.room.sending.answered("history")
		this.#answered(this.#asking.shift())
	}

	// This was refused; whether it was one of ours.
	refused(item, wrong) {
		const place = this.#asking.findIndex(each => each.item === item)
		if (place >= 0) this.#answered({ ...this.#asking.splice(place, 1)[0], wrong })
		return place >= 0
	}

	get #isReplay() {
		return !this.room.sending.isNext(this.#asking[0]?.item)
	}

	#answered(asking) {
		const { why, lines, wrong } = asking
		const heard = lines.filter(({ name }) => !this.room.ignores(name))
		if (why === "asked") return this.room.do("found", { ...asking, lines: heard })
		const shown = lines.length < this.#replayed.length && (wrong || why === "before") ? this.#replayed : lines
		const news = this.#show(shown, why)
		for (const line of news) if (line.name === this.room.name) this.room.sending.hasArrived(line)
		if (wrong) this.room.note(wrong)
		else this.room.seen.hasGap(false)
		this.#release()
	}

	#show(lines, why) {
		const news = this.room.seen.news(lines)
		this.#replayed = []
		if (news.length && why === "missed") this.room.showNow({ kind: "divider", text: "Said while you were away" })
		for (const line of news) this.room.showNow(this.room.said(line, why))
		return news
	}

	#release() {
		const held = this.#held ?? []
		this.#held = null
		for (const item of held) this.room.showNow(item)
	}
}
