// Answers "!time". Paste it into a browser's console at the room, or run it with node 22:
// node bot.js ws://127.0.0.1:8080/ws
const url = globalThis.location ? new URL("ws", location.href.replace(/^http/, "ws")) : process.argv[2];
(function visit() {
  const socket = new WebSocket(url), send = (message) => socket.send(JSON.stringify(message));
  const again = (seconds, what) => setTimeout(what, seconds * 1000), join = () => send({ type: "join", name: "clock" });
  socket.onopen = join;
  socket.onclose = () => again(5, visit);
  socket.onmessage = ({ data }) => {
    const { type, text, code } = JSON.parse(data);
    if (type === "said" && text === "!time") send({ type: "say", text: new Date().toString() });
    if (code === "name-taken" || code === "room-full") again(5, join); // maybe it is our old connection
    if (code === "kicked" || code === "banned") socket.onclose = null;
  };
})();
