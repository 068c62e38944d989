// The connection: one WebSocket at a time.

let socket

export function open(onMessage, onClose) {
	socket = new WebSocket(new URL("ws", location.href.replace(/^http/, "ws")))
	socket.onmessage = ({ data }) => onMessage(JSON.parse(data))
	socket.onclose = onClose
}

export function send(message) {
	if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

// At once: a dead network would take minutes to confirm it.
export function close() {
	socket.onmessage = socket.onclose = null
	socket.close()
}
