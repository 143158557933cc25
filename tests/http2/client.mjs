// Asks a mock server over HTTP/2, all at once on one connection, and prints what came back.
import http2 from "node:http2";

const session = http2.connect(process.argv[2]);
session.on("error", (error) => { throw error; });

function ask(headers, body) {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    let status, outcome, text = "";
    stream.on("response", (lines) => { status = lines[":status"]; outcome = lines["x-pact"]; });
    stream.setEncoding("utf8");
    stream.on("data", (piece) => { text += piece; });
    stream.on("error", reject);
    stream.on("end", () => resolve([status, outcome ?? (text.length > 1000 ? text.length : text)]));
    stream.end(body);
  });
}

const posted = { ":method": "POST", ":path": "/users", "content-type": "application/json" };
const answers = await Promise.all([
  ask({ ":path": "/hello" }),
  ask({ ":path": "/large" }),
  ask(posted, JSON.stringify({ name: "Ada" })),
  ask({ ":path": "/none" }),
]);
console.log(JSON.stringify(answers));
session.close();
