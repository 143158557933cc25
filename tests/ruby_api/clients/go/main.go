// pact-go 1.x: it starts the pact-mock-service that it finds in PATH, and only waits for its port.
package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"

	"github.com/pact-foundation/pact-go/dsl"
)

func main() {
	todo := os.Args[1]
	pact := &dsl.Pact{Consumer: "Go Shop", Provider: "Users", PactDir: "pacts", LogDir: "logs", LogLevel: "ERROR"}
	defer pact.Teardown()

	pact.AddInteraction().
		Given("user 7 exists").
		UponReceiving("a new name for user 7").
		WithRequest(dsl.Request{
			Method:  "PUT",
			Path:    dsl.Term("/users/7", `^/users/\d+$`),
			Query:   dsl.MapMatcher{"dry": dsl.String("yes")},
			Headers: dsl.MapMatcher{"Content-Type": dsl.String("application/json")},
			Body:    map[string]interface{}{"name": dsl.Like("Ada"), "tags": dsl.EachLike("a", 1)},
		}).
		WillRespondWith(dsl.Response{Status: 200, Body: map[string]interface{}{"id": dsl.Like(7)}})

	err := pact.Verify(func() error {
		body := `{"name": "Grace", "tags": ["x", "y"]}`
		if todo == "fail" {
			body = `{"name": 1, "tags": []}`
		}
		url := fmt.Sprintf("http://localhost:%d/users/8?dry=yes", pact.Server.Port)
		request, _ := http.NewRequest("PUT", url, bytes.NewBufferString(body))
		request.Header.Set("Content-Type", "application/json")
		_, err := http.DefaultClient.Do(request)
		return err
	})
	if err == nil && todo == "write" {
		err = pact.WritePact()
	}
	if err != nil {
		fmt.Println("failed:", err)
		return
	}
	fmt.Println("passed")
}
