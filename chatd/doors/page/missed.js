// Which lines were missed: those of the history since the last that was heard that were not seen at
// about their second.

const NEARLY = 2000 // ms: the daemon reads its clock twice
const MARGIN = 5000
const MOST_SEEN = 6000

export class Seen {
	#lines = []
	#mark = 0
	#hasGap = false
	latest = 0 // by the daemon's clock

	at(time) {
		this.latest = Math.max(this.latest, Date.parse(time))
		if (!this.#hasGap) this.#mark = this.latest
	}

	saw({ at, name, text }) {
		this.#lines.push({ at: Date.parse(at), said: `${name}\n${text}` })
		if (this.#lines.length > MOST_SEEN) this.#lines.splice(0, MOST_SEEN / 2)
		this.at(at)
	}

	// After a lost connection there is a gap before what is heard, until it is filled.
	hasGap(hasGap) {
		this.#hasGap = hasGap
		if (!hasGap) this.#mark = this.latest
	}

	get since() {
		return `${new Date(this.#mark - MARGIN).toISOString().slice(0, 19)}Z`
	}

	// Those of an answer's lines that were not seen; now they are.
	news(lines) {
		const seen = [...this.#lines]
		const news = lines.filter(({ at, name, text }) => {
			const said = `${name}\n${text}`
			const place = seen.findIndex(one => one.said === said && Math.abs(one.at - Date.parse(at)) <= NEARLY)
			return place < 0 || !seen.splice(place, 1)
		})
		for (const line of news) this.saw(line)
		return news
	}
}
