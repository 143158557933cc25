"""Where pacts come from that somebody wants to have played: files, directories, URLs, a Pact Broker."""
