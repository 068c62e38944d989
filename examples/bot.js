// Answers "!time". Paste it into a browser's console at the room, or run it with node 22:
// node bot.js ws://127.0.0.1:8080/ws
const url = globalThis.location ? new URL("ws", location.href.replace(/^http/, "ws")) : process.argv[2];
(function visit() {
  const socket = new WebSocket(url), send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "join", name: "clock" });
  socket.onmessage = ({ data }) => {
    const { type, text } = JSON.parse(data);
    if (type === "said" && text === "!time") send({ type: "say", text: new Date().toString() });
  };
  socket.onclose = ({ code }) => code === 1000 || setTimeout(visit, 5000); // 1000: we were let go
})();
