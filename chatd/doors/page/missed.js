// Which of the room's lines were seen at this end: what was missed is the rest.
//
// Lines have no numbers, but the daemon tells the second in which each was said. So what the
// history has since the last line that was heard, and was not seen at about its second, was
// missed. (The clock of this end is not asked: it may be wrong.)

const NEARLY = 2000; // ms: the daemon's clock is read for the listeners and for the history
const MARGIN = 5000;
const MOST_SEEN = 3000;

const timeOf = (at) => Date.parse(at) || 0;

export class Seen {
	#lines = [];
	#mark = 0;
	#hasGap = false;
	/** The last time by the daemon's clock that was heard of. */
	latest = 0;

	/** We were here at this time. */
	at(time) {
		this.latest = Math.max(this.latest, timeOf(time));
		if (!this.#hasGap) this.#mark = this.latest;
	}

	saw({ at, name, text }) {
		this.#lines.push({ at: timeOf(at), said: `${name}\n${text}` });
		if (this.#lines.length > 2 * MOST_SEEN) this.#lines.splice(0, MOST_SEEN);
		this.at(at);
	}

	/** The connection is gone: there is a gap before what is heard later… */
	broke() {
		this.#hasGap = true;
	}

	/** …until it is filled. */
	caughtUp() {
		this.#hasGap = false;
		this.#mark = this.latest;
	}

	/** From when on to ask for what was missed; "" if nothing was ever heard. */
	get since() {
		return this.#mark && `${new Date(this.#mark - MARGIN).toISOString().slice(0, 19)}Z`;
	}

	/** Those of an answer's lines that were not seen; now they are. */
	news(lines) {
		const seen = Map.groupBy(this.#lines, ({ said }) => said);
		const news = lines.filter((line) => {
			const same = seen.get(`${line.name}\n${line.text}`) ?? [];
			const place = same.findIndex(({ at }) => Math.abs(at - timeOf(line.at)) <= NEARLY);
			return place < 0 || !same.splice(place, 1);
		});
		for (const line of news) this.saw(line);
		return news;
	}
}
