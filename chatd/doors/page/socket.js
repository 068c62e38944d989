// The connection: one WebSocket at a time, and nothing is heard of one that was given up.

export class Socket {
	#socket = null;

	/** `onMessage(object)`, `onClose(whether it had opened)`. */
	constructor({ onMessage, onClose }) {
		Object.assign(this, { onMessage, onClose });
	}

	open() {
		const url = new URL("ws", location.href);
		url.protocol = url.protocol.replace("http", "ws");
		const socket = new WebSocket(url);
		this.#socket = socket;
		let wasOpen = false;
		socket.onopen = () => (wasOpen = true);
		socket.onmessage = ({ data }) => this.onMessage(JSON.parse(data));
		socket.onclose = () => this.onClose(wasOpen);
	}

	send(message) {
		if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
	}

	/** At once: a dead network would take minutes to confirm it. */
	close() {
		this.#socket.onmessage = this.#socket.onclose = null;
		this.#socket.close();
	}
}
