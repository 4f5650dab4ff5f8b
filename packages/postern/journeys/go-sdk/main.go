// A program of somebody who automates Atlas with the official Go SDK, unchanged: it makes a project, clusters, private
// endpoints of every form and all that belongs to them, reads each back, and removes it. It is told where by the variables
// that `postern env sdk` prints. It prints one JSON line, its report, and ends with 1 where something was wrong.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"go.mongodb.org/atlas-sdk/v20250312020/admin"
)

// program is what every part of the journey needs.
type program struct {
	*report
	ctx     context.Context
	sdk     *admin.APIClient
	baseURL string
	orgID   string
	groupID string
}

func main() {
	told := &report{Faults: []string{}}
	if err := run(told); err != nil {
		told.fault("%v", err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(told)
	if len(told.Faults) > 0 {
		os.Exit(1)
	}
}

func run(told *report) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			known, ours := reason.(stop)
			if !ours {
				panic(reason)
			}
			err = known.error
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	baseURL := os.Getenv("MONGODB_ATLAS_BASE_URL")
	sdk, err := admin.NewClient(admin.UseBaseURL(baseURL), credentials(ctx))
	if err != nil {
		return err
	}
	sdk.GetConfig().HTTPClient = &http.Client{Transport: keepBody{sdk.GetConfig().HTTPClient.Transport}}
	p := &program{report: told, ctx: ctx, sdk: sdk, baseURL: baseURL, orgID: os.Getenv("MONGODB_ATLAS_ORG_ID")}
	p.wrongKeys()
	p.organization()
	p.project()
	p.regionalMode()
	p.clusters()
	p.privateEndpoints()
	p.databaseAccess()
	p.keysAndAccounts()
	p.people()
	p.events()
	p.cleanUp()
	return nil
}

// credentials are a service account's where there is one, else an API key pair's.
func credentials(ctx context.Context) admin.ClientModifier {
	if id := os.Getenv("MONGODB_ATLAS_CLIENT_ID"); id != "" {
		return admin.UseOAuthAuth(ctx, id, os.Getenv("MONGODB_ATLAS_CLIENT_SECRET"))
	}
	return admin.UseDigestAuth(os.Getenv("MONGODB_ATLAS_PUBLIC_KEY"), os.Getenv("MONGODB_ATLAS_PRIVATE_KEY"))
}

// keepBody lets an answer's body be read once more after the SDK has read it.
type keepBody struct{ inner http.RoundTripper }

func (k keepBody) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := k.inner.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = &again{Reader: bytes.NewReader(body), whole: body}
	return response, nil
}

// again starts over when it is closed.
type again struct {
	*bytes.Reader
	whole []byte
}

func (a *again) Close() error {
	a.Reset(a.whole)
	return nil
}

// until asks every 200 ms until the answer is what is waited for.
func (p *program) until(what string, ready func() bool) {
	for !ready() {
		select {
		case <-p.ctx.Done():
			panic(stop{fmt.Errorf("waiting for %s: %w", what, p.ctx.Err())})
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// want notes a value that is not what it must be.
func want[T comparable](r *report, what string, got, wanted T) {
	if got != wanted {
		r.fault("%s: wanted %v, got %v", what, wanted, got)
	}
}

func to[T any](value T) *T { return &value }
