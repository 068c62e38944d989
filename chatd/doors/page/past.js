// What is asked of the history, and what of the answers is shown. While what was said before is
// awaited, what is said now waits too, for a moment: all stands in the order in which it was said.

import { outgoing } from "./unsent.js";

const BEFORE_LINES = 50;
const HOLD_SECONDS = 3;
const AGAIN_SECONDS = 20;

export class Past {
	#asking = []; // {why, item, lines}
	#replayed = []; // what the daemon shows unasked; it comes before the answer to our first list
	#held = null;
	#heldAt = 0;
	#againAt = Infinity;

	/** After a reload: lines of ours from then on may be some that were on their way. */
	unsentSince = Infinity;

	constructor(room) {
		this.room = room;
	}

	/** We are in: what was said before, or since we were here? */
	entered(wasIn) {
		if (!this.room.hello.history) return this.room.caughtUp();
		this.#held = [];
		this.#heldAt = this.room.clock();
		if (wasIn) this.#askMissed();
		else this.asked({ last: BEFORE_LINES }, "before");
	}

	broke() {
		this.#asking = [];
		this.#replayed = [];
		this.#againAt = Infinity;
		this.#release();
	}

	asked(query, why = query.search ? "search" : "last") {
		const item = outgoing("history", query);
		this.#asking.push({ why, item, query, lines: [] });
		this.room.sending.add(item);
	}

	tick() {
		const now = this.room.clock();
		if (now - this.#heldAt >= HOLD_SECONDS) this.#release();
		if (now >= this.#againAt) this.#askMissed();
	}

	/** Whether what is said now has to wait; then it does. */
	holds(item) {
		return Boolean(this.#held?.push(item));
	}

	recalled(lines) {
		const to = this.#isReplay ? this.#replayed : this.#asking[0].lines;
		for (const line of lines) to.push(line);
	}

	ended() {
		if (this.#isReplay) return;
		this.room.sending.answered("history");
		this.#answered(this.#asking.shift());
	}

	/** This was refused; whether it was one of ours. */
	refused(item, why) {
		const place = this.#asking.findIndex((each) => each.item === item);
		if (place >= 0) this.#answered({ ...this.#asking.splice(place, 1)[0], wrong: why });
		return place >= 0;
	}

	get #isReplay() {
		return !this.room.sending.isNext(this.#asking[0]?.item);
	}

	#askMissed() {
		this.#againAt = Infinity;
		this.asked({ since: this.room.seen.since }, "missed");
	}

	#answered(asking) {
		const { why, lines, wrong } = asking;
		const longer = lines.length < this.#replayed.length ? this.#replayed : lines;
		if (why === "before") {
			this.#show(longer, why);
			this.#arrived(longer.filter(({ at }) => Date.parse(at) >= this.unsentSince));
			this.unsentSince = Infinity;
			this.#caughtUp();
		} else if (why !== "missed") {
			this.room.do("found", asking);
		} else if (wrong) {
			this.#show(this.#replayed, why);
			this.#againAt = this.room.clock() + AGAIN_SECONDS;
			this.#release();
			this.room.isUndecided = false;
		} else {
			this.#arrived(this.#show(lines, why));
			this.#caughtUp();
		}
	}

	#show(lines, why) {
		const news = this.room.seen.news(lines);
		this.#replayed = [];
		if (news.length && why === "missed") this.room.showNow({ kind: "divider", text: "Said while you were away" });
		for (const line of news) this.room.showNow(this.room.said(line, why));
		return news;
	}

	#arrived(lines) {
		for (const { name, text } of lines) if (name === this.room.name) this.room.sending.hasArrived(text);
	}

	#caughtUp() {
		this.#release();
		this.room.caughtUp();
	}

	#release() {
		const held = this.#held ?? [];
		this.#held = null;
		for (const item of held) this.room.showNow(item);
	}
}
