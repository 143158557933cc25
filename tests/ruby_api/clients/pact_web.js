// pact-web: a page drives a service that runs already. Here the page is jsdom's; a browser loads `play` too.
async function play(Pact, port, todo) {
  const { PactWeb, Matchers } = Pact;
  const provider = new PactWeb({ consumer: "Web Shop", provider: "Users", port, host: "127.0.0.1", logLevel: "error" });
  await provider.mockService.removeInteractions();
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
    willRespondWith: { status: 200, headers: { "Content-Type": "application/json" }, body: { id: Matchers.like(7) } },
  });
  const body = JSON.stringify(todo === "fail" ? { name: 1, tags: [] } : { name: "Grace", tags: ["x", "y"] });
  await new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("PUT", `http://127.0.0.1:${port}/users/8?dry=yes`);
    asked.setRequestHeader("Content-Type", "application/json");
    asked.onload = resolve;
    asked.onerror = () => reject(new Error("the page may not ask the mocked API"));
    asked.send(body);
  });
  try {
    await provider.verify();
  } catch (error) {
    return `failed: ${error.message}`;
  }
  if (todo === "write") await provider.finalize();
  return "passed";
}

if (typeof module !== "undefined") {
  const { JSDOM } = require("jsdom");
  const [todo, port] = process.argv.slice(2);
  const page = new JSDOM("", { url: "http://localhost:3000/" }).window;
  global.window = page;
  global.XMLHttpRequest = page.XMLHttpRequest;
  global.document = page.document;
  play(require("@pact-foundation/pact-web"), Number(port), todo).then(
    (said) => console.log(said),
    (error) => console.log("failed:", error.message || error),
  );
}
