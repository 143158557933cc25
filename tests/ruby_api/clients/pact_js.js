// pact-js up to 9: it starts the executable in the folder of pact-node, and reads its port from what that prints.
const { Pact, Matchers } = require("@pact-foundation/pact");
const http = require("http");

const todo = process.argv[2];

function put(port, body) {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const asked = http.request({ host: "127.0.0.1", port, method: "PUT", path: "/users/8?dry=yes", headers }, (answer) => {
      answer.resume();
      answer.on("end", resolve);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

async function main() {
  const provider = new Pact({ consumer: "Node Shop", provider: "Users", dir: "pacts", log: "logs/m.log", logLevel: "error" });
  await provider.setup();
  try {
    await provider.addInteraction({
      state: "user 7 exists",
      uponReceiving: "a new name for user 7",
      withRequest: {
        method: "PUT",
        path: Matchers.term({ generate: "/users/7", matcher: "^/users/\\d+$" }),
        query: { dry: "yes" },
        headers: { "Content-Type": "application/json" },
        body: { name: Matchers.like("Ada"), tags: Matchers.eachLike("a") },
      },
      willRespondWith: { status: 200, body: { id: Matchers.like(7) } },
    });
    const wrong = todo === "fail";
    await put(provider.opts.port, JSON.stringify(wrong ? { name: 1, tags: [] } : { name: "Grace", tags: ["x", "y"] }));
    await provider.verify();
    console.log("passed");
  } catch (error) {
    console.log("failed:", error.message);
  } finally {
    if (todo === "write") await provider.finalize();
    else await provider.mockService.removeInteractions().then(() => provider.server.delete());
  }
}

main();
