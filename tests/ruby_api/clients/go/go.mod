module clients

go 1.21

require github.com/pact-foundation/pact-go v1.10.0

require (
	github.com/hashicorp/go-version v1.5.0 // indirect
	github.com/hashicorp/logutils v1.0.0 // indirect
)
