// How long is waited, and for what. `clock` gives seconds that never go back.

const LONGEST_SECONDS = 30;
const QUIET_SECONDS = 30;
const WOKEN_SECONDS = 5;
const DEAD_SECONDS = 10;

/** Until the next try to connect; not the same for everybody who was cut off at once. */
export const backOff = (tries, random) => Math.min(LONGEST_SECONDS, 2 ** tries) * (0.8 + 0.4 * random);

/** Whether the daemon is still there: a dead network does not say that it is dead. */
export class Pulse {
	#heardAt = 0;
	#askedAt = 0;

	constructor(clock) {
		this.clock = clock;
	}

	heard() {
		this.#heardAt = this.clock();
		this.#askedAt = 0;
	}

	/** Whether to ask now; if so, it counts as asked. */
	shouldAsk(isWoken = false) {
		const quiet = isWoken ? WOKEN_SECONDS : QUIET_SECONDS;
		if (this.#askedAt || this.clock() - this.#heardAt < quiet) return false;
		this.#askedAt = this.clock();
		return true;
	}

	/** Silence alone proves nothing, as this machine may have slept; a question does. */
	get isDead() {
		return this.#askedAt > 0 && this.clock() - this.#askedAt >= DEAD_SECONDS;
	}
}
